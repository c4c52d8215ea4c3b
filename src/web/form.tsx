/** The description as a form: a field for each key of the schema. */
import { useContext, useMemo, useRef } from "preact/hooks";
import type { Value } from "../core/description/new-description.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { pointerTo } from "../core/yaml/locate.ts";
import { ControlOf } from "./controls.tsx";
import { asValue, isMapping, same, valueAt } from "./data.ts";
import { FormActionsContext, FormContext, type FormState, entriesShown, idOf } from "./form-state.ts";
import { type Field, entryFields, fields } from "./schema.ts";
import { Problem } from "./problems.tsx";
import { labelOf, sentences, words } from "./words.ts";

/** Keys that nearly every description sets. All others follow from the schema. */
const essential: readonly string[] = ["hostname", "mail_domains", "targets", "platform"];

const first = fields.filter(({ name }) => essential.includes(name)).toSorted((left, right) => essential.indexOf(left.name) - essential.indexOf(right.name));
const others = fields.filter(({ name }) => !essential.includes(name));
const single = others.filter(({ control }) => control !== "group" && control !== "list");
const grouped = others.filter(({ control }) => control === "group" || control === "list").map((field) => ({ field, fields: [field] }));

export function Form({ leaveOut }: { readonly leaveOut: string }) {
  return (
    <div class="form">
      <div class="fields">{first.filter(({ name }) => name !== leaveOut).map((field) => <FieldView key={field.pointer} field={field} />)}</div>
      {single.length === 0 ? null : <Group title={words.general} id="general" fields={single} description="" />}
      {grouped.map(({ field, fields }) => (
        <Group key={field.pointer} title={labelOf(field.name)} id={field.name} fields={fields} description={field.description} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly id: string;
  readonly description: string;
  /** A single group or list is shown by its own fields. */
  readonly fields: readonly Field[];
}

/** Most groups are as they were, and Preact leaves an element that is the same, with all that is in it. */
function Group({ title, id, description, fields: inside }: GroupProps) {
  const state = useContext(FormContext);
  const { complete } = useContext(FormActionsContext);
  const kept = useRef(state);
  if (!isSame(kept.current, state, inside)) kept.current = state;
  const part = kept.current;
  return useMemo(() => <FormContext.Provider value={part}><OneGroup title={title} id={id} description={description} fields={inside} /></FormContext.Provider>, [part, complete, title, id, description, inside]);
}

/** Whether fields have the same values in two states, and no problem in either. */
function isSame(before: FormState, now: FormState, inside: readonly Field[]): boolean {
  if (before.pending !== now.pending || [before, now].some(({ diagnostics }) => diagnostics.some((diagnostic) => isIn(diagnostic, inside)))) return false;
  return inside.every(({ pointer }) => same(valueAt(before.data, pointer), valueAt(now.data, pointer)));
}

function isIn({ pointer }: Diagnostic, inside: readonly Field[]): boolean {
  return pointer !== undefined && inside.some((field) => pointer === field.pointer || pointer.startsWith(`${field.pointer}/`));
}

function OneGroup({ title, id, description, fields: inside }: GroupProps) {
  const { data, diagnostics } = useContext(FormContext);
  const set = inside.reduce((count, { pointer, control }) => count + countSet(valueAt(data, pointer), control), 0);
  const found = diagnostics.filter((diagnostic) => isIn(diagnostic, inside));
  const worst = (["error", "warning", "note"] as const).find((severity) => found.some((diagnostic) => diagnostic.severity === severity));
  const [only] = inside;
  return (
    <details class="group" id={`group-${id}`}>
      <summary>
        <span class="title">{title}</span>
        <span class="hint">{sentences(description)[0]}</span>
        {set > 0 ? <span class="badge">{words.set(set)}</span> : null}
        {worst === undefined ? null : <span class={`badge ${worst}`}>{found.length} {words.severity[worst].toLowerCase()}{found.length > 1 ? "s" : ""}</span>}
      </summary>
      <div class="fields">
        {sentences(description)[1] === "" ? null : <p class="about">{sentences(description)[1]}</p>}
        {inside.length === 1 && only !== undefined && only.control === "group" ? <Inside field={only} /> : inside.length === 1 && only?.control === "list" ? <Entries field={only} /> : inside.map((field) => <FieldView key={field.pointer} field={field} />)}
      </div>
    </details>
  );
}

function countSet(value: unknown, control: Field["control"]): number {
  if (value === undefined) return 0;
  if (control === "list" && Array.isArray(value)) return value.length;
  return control === "group" && isMapping(value) ? Object.keys(value).length : 1;
}

function FieldView({ field }: { readonly field: Field }) {
  if (field.control === "group") {
    return (
      <fieldset class="inner" id={idOf(field.pointer)} tabIndex={-1}>
        <legend>{labelOf(field.name)} <code class="quiet">{field.name}</code></legend>
        <About field={field} />
        <Inside field={field} />
      </fieldset>
    );
  }
  if (field.control === "list") {
    return (
      <fieldset class="inner">
        <legend>{labelOf(field.name)} <code class="quiet">{field.name}</code></legend>
        <About field={field} />
        <Entries field={field} />
      </fieldset>
    );
  }
  return <Single field={field} />;
}

function Inside({ field }: { readonly field: Field }) {
  return (
    <>
      <OwnProblems field={field} />
      {field.fields.map((inner) => <FieldView key={inner.pointer} field={inner} />)}
    </>
  );
}

function Entries({ field }: { readonly field: Field }) {
  const { data } = useContext(FormContext);
  const { change } = useContext(FormActionsContext);
  const value = valueAt(data, field.pointer);
  const entries = Array.isArray(value) ? value : [];
  const shown = entries.slice(0, entriesShown);
  return (
    <div class="entries" id={idOf(field.pointer)} tabIndex={-1}>
      <OwnProblems field={field} />
      {shown.map((_entry, index) => (
        <fieldset class="entry" key={index}>
          <legend>{words.entry(index + 1)}</legend>
          {entryFields(field, index).map((inner) => <FieldView key={inner.pointer} field={inner} />)}
          <button type="button" class="small" onClick={() => change(entries.length === 1 ? field.pointer : pointerTo(field.pointer, index), undefined)}>{words.removeEntry(index + 1)}</button>
        </fieldset>
      ))}
      {entries.length > shown.length ? <p class="about">{words.entriesInYaml(entries.length - shown.length)}</p> : null}
      <button type="button" class="small" onClick={() => (entries.length === 0 ? change(field.pointer, [firstEntry(field)]) : change(pointerTo(field.pointer, entries.length), firstEntry(field)))}>{words.addEntry(labelOf(field.name))}</button>
    </div>
  );
}

/** A new entry has the example's values. */
function firstEntry({ schema, example }: Field): Value {
  const [entry] = Array.isArray(example) ? example : [];
  const value: unknown = schema.items?.examples?.[0] ?? entry;
  return isMapping(value) ? asValue(value) : {};
}

const none: readonly Diagnostic[] = [];

export function Single({ field, label = labelOf(field.name) }: { readonly field: Field; readonly label?: string }) {
  const { data, pending, found } = useContext(FormContext);
  const { change, complete } = useContext(FormActionsContext);
  const { pointer } = field;
  const value = pending.has(pointer) ? pending.get(pointer) : valueAt(data, pointer);
  const written = JSON.stringify(value);
  const here = found.get(pointer) ?? none;
  // Most fields are as they were, and Preact leaves an element that is the same as it is.
  return useMemo(() => <OneField field={field} label={label} value={value} here={here} onReset={() => change(pointer, undefined)} />, [field, label, written, here, change, complete]);
}

interface OneFieldProps {
  readonly field: Field;
  readonly label: string;
  readonly value: unknown;
  readonly here: readonly Diagnostic[];
  readonly onReset: () => void;
}

function OneField({ field, label, value, here, onReset }: OneFieldProps) {
  const { pointer, name, control, required } = field;
  const id = idOf(pointer);
  const described = [asId(`${id} about`), ...here.map((_diagnostic, index) => problemId(pointer, index))].join(" ");
  const invalid = here.some(({ severity }) => severity === "error");
  const key = <code class="quiet">{name}</code>;
  const rest = (
    <>
      {value === undefined || required ? null : <button type="button" class="reset" aria-label={words.reset(label)} title={words.reset(label)} onClick={onReset}>×</button>}
      <ControlOf field={field} id={id} value={value} invalid={invalid} describedBy={described} />
      <ProblemsAt pointer={pointer} here={here} />
      <About field={field} id={asId(`${id} about`)} />
    </>
  );
  // Several boxes are named by a legend.
  return control === "choices" ? (
    <fieldset class={`field ${control}${invalid ? " wrong" : ""}`} id={id} tabIndex={-1} aria-describedby={described}><legend>{label} {key}</legend>{rest}</fieldset>
  ) : (
    <div class={`field ${control}${invalid ? " wrong" : ""}`}><label for={id}>{label} {key}</label>{rest}</div>
  );
}

/** Ids have no spaces, so that they can stand in lists. */
function asId(text: string): string {
  return text.replaceAll(" ", "-");
}

function problemId(pointer: string, index: number): string {
  return asId(`${idOf(pointer)} problem ${index}`);
}

function ProblemsAt({ pointer, here }: { readonly pointer: string; readonly here: readonly Diagnostic[] }) {
  const { onHelp } = useContext(FormActionsContext);
  return <>{here.map((diagnostic, index) => <Problem key={`${diagnostic.code} ${diagnostic.message}`} id={problemId(pointer, index)} diagnostic={diagnostic} onHelp={onHelp} />)}</>;
}

/** Those of a field that has others in it. */
function OwnProblems({ field: { pointer } }: { readonly field: Field }) {
  const { found } = useContext(FormContext);
  return <ProblemsAt pointer={pointer} here={found.get(pointer) ?? none} />;
}

function About({ field: { description }, id }: { readonly field: Field; readonly id?: string }) {
  const [first, others] = sentences(description);
  if (description === "") return null;
  return (
    <div class="about" id={id}>
      {first} {others === "" ? null : <details class="more"><summary>{words.more}</summary>{others}</details>}
    </div>
  );
}
