/** The controls of fields. */
import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { parse } from "../core/yaml/parse.ts";
import { flow } from "../core/yaml/flow.ts";
import { asValue, isMapping, same } from "./data.ts";
import { useDraft } from "./draft.ts";
import { FormActionsContext } from "./form-state.ts";
import type { Field } from "./schema.ts";
import { labelOf, titleOf, words } from "./words.ts";

interface Props {
  readonly field: Field;
  readonly id: string;
  readonly value: unknown;
  readonly invalid: boolean;
  readonly describedBy: string;
}

export function ControlOf(props: Props): JSX.Element {
  switch (props.field.control) {
    case "switch":
      return <Switch {...props} />;
    case "choice":
      return <Choice {...props} />;
    case "choices":
      return <Choices {...props} />;
    case "lines":
      return <Lines {...props} />;
    case "number":
      return <Line {...props} />;
    case "text":
      return props.field.mayBeEmpty ? <MaybeEmpty {...props} /> : <Line {...props} />;
    case "group":
    case "list":
    case "yaml":
      return <Yaml {...props} />;
  }
}

/** A value that equals the default is left out. */
function useChange({ field }: Pick<Props, "field">) {
  const { change } = useContext(FormActionsContext);
  return (value: Parameters<typeof change>[1]) => change(field.pointer, same(value, field.default) ? undefined : value);
}

function shown(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : flow(value);
}

function Line(props: Props) {
  const { field, id, value, invalid, describedBy } = props;
  const change = useChange(props);
  const number = field.control === "number";
  const [text, type] = useDraft(shown(value), (typed) => typed);
  const typed = (next: string) => {
    type(next);
    if (next === "") change(field.required ? "" : undefined);
    else change(number && /^\d{1,15}$/.test(next) ? Number(next) : next);
  };
  return <input id={id} type="text" inputMode={number ? "numeric" : "text"} value={text} placeholder={placeholder(field)} spellcheck={false} autocomplete="off" autocapitalize="off" aria-invalid={invalid} aria-describedby={describedBy} onInput={({ currentTarget }) => typed(currentTarget.value)} />;
}

function placeholder({ default: own, example, required }: Field): string {
  return own === undefined ? (required ? "" : shown(Array.isArray(example) ? example[0] : example)) : shown(own);
}

function MaybeEmpty(props: Props) {
  const { field, id, value } = props;
  const change = useChange(props);
  return (
    <>
      <Line {...props} />
      <label class="check"><input type="checkbox" id={`${id}-empty`} checked={value === ""} onChange={({ currentTarget }) => change(currentTarget.checked ? "" : undefined)} aria-label={`${labelOf(field.name)}: ${words.emptyText}`} /> {words.emptyText}</label>
    </>
  );
}

function Switch(props: Props) {
  const { field, id, value, invalid, describedBy } = props;
  const change = useChange(props);
  const on = value ?? field.default;
  return <input id={id} type="checkbox" role="switch" checked={on === true} aria-invalid={invalid} aria-describedby={describedBy} onChange={({ currentTarget }) => change(currentTarget.checked)} />;
}

function Choice(props: Props) {
  const { field, id, value, invalid, describedBy } = props;
  const change = useChange(props);
  const current = shown(value);
  const strange = current !== "" && !field.options.includes(current);
  return (
    <select id={id} value={current} aria-invalid={invalid} aria-describedby={describedBy} onChange={({ currentTarget }) => change(currentTarget.value === "" ? undefined : currentTarget.value)}>
      <option value="">{field.default === undefined ? words.absent : words.defaultOf(shown(field.default))}</option>
      {strange ? <option value={current}>{current}</option> : null}
      {field.options.map((option) => <option key={option} value={option}>{option}</option>)}
    </select>
  );
}

function Choices(props: Props) {
  const { field, value } = props;
  const change = useChange(props);
  const own = Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : [];
  // In the order of the schema; words that it does not know stay.
  const toggled = (option: string, on: boolean) => {
    const known = field.options.filter((word) => (word === option ? on : own.includes(word)));
    change([...known, ...own.filter((word) => !field.options.includes(String(word))).map(asValue)]);
  };
  return (
    <div class="chips">
      {field.options.map((option) => (
        <label key={option} class="chip">
          <input type="checkbox" checked={own.includes(option)} onChange={({ currentTarget }) => toggled(option, currentTarget.checked)} />
          <span>{field.pointer === "/targets" ? titleOf(option) : option}</span>
        </label>
      ))}
    </div>
  );
}

function Lines(props: Props) {
  const { field, id, value, invalid, describedBy } = props;
  const change = useChange(props);
  const model = Array.isArray(value) ? value.map(shown).join("\n") : shown(value);
  const [text, type] = useDraft(model, (typed) => entriesOf(typed).join("\n"));
  const typed = (next: string) => {
    type(next);
    const entries = entriesOf(next);
    change(entries.length === 0 ? undefined : entries);
  };
  const rows = Math.min(12, Math.max(1, text.split("\n").length));
  return <textarea id={id} rows={rows} value={text} placeholder={placeholderLines(field)} spellcheck={false} autocapitalize="off" aria-invalid={invalid} aria-describedby={describedBy} onInput={({ currentTarget }) => typed(currentTarget.value)} />;
}

function placeholderLines({ default: own, example }: Field): string {
  const list = Array.isArray(own) && own.length > 0 ? own : example;
  return Array.isArray(list) ? list.map(shown).join(", ") : words.linesHint;
}

/** Entries stand on lines of their own, or with commas between them. */
function entriesOf(text: string): string[] {
  return text.split(/[\n,]/).map((entry) => entry.trim()).filter((entry) => entry !== "");
}

/** A value of any shape, in YAML. */
function Yaml(props: Props) {
  const { field, id, value, invalid, describedBy } = props;
  const change = useChange(props);
  const [text, type] = useDraft(value === undefined ? "" : flow(value), (typed) => {
    const read = valueIn(typed);
    return read === undefined ? "" : flow(read);
  });
  const typed = (next: string) => {
    type(next);
    const read = valueIn(next);
    if (next.trim() === "") change(undefined);
    else if (read !== undefined) change(asValue(read));
  };
  return <textarea id={id} rows={Math.min(12, Math.max(2, text.split("\n").length))} value={text} placeholder={field.example === undefined ? "" : flow(field.example)} spellcheck={false} aria-invalid={invalid} aria-describedby={describedBy} onInput={({ currentTarget }) => typed(currentTarget.value)} />;
}

function valueIn(text: string): unknown {
  const { data } = parse(`value: ${text.includes("\n") ? `\n  ${text.replaceAll("\n", "\n  ")}` : text}`);
  return isMapping(data) ? (data["value"] ?? undefined) : undefined;
}
