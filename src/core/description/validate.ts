/** Validates plain data with the schema, reports all problems at once, and fills in the defaults. */
import type { ErrorObject } from "ajv";
import schemaText from "../../../schemas/description.schema.json?raw";
import { validate as validator } from "../../../schemas/description.schema.json?validator";
import type { Description } from "../../generated/description.ts";
import { meantWord } from "./meant-word.ts";
import { explainValue, textOf } from "./explain.ts";
import { scalarKinds, takes } from "./takes.ts";
import { flow } from "../yaml/flow.ts";
import { pointerTo, pointerTokens } from "../yaml/locate.ts";
import { nearest, plain } from "../nearest.ts";
import { meantPlaces } from "./meant-places.ts";
import type { EditValue } from "../problems/edit.ts";
import type { KeySuggestion, Problem } from "../problems/problem.ts";

export type Validated = { readonly description: Description } | { readonly problems: readonly Problem[] };

/**
 * @param data plain data from YAML; defaults are filled in place
 * @param most the limit for reported problems; one more is returned when there are more
 * @param original makes the data as it was, without defaults; used when there are unknown keys
 */
export function validate(data: unknown, most: number, original: () => unknown = () => data): Validated {
  if (isDescription(data)) return { description: data };
  const problems = new Map<string, Problem>();
  const given = once(original);
  for (const error of validator.errors ?? []) {
    const problem = toProblem(error, data, given);
    // A value with two faults is still one problem.
    const key = "pointer" in problem.place ? `${problem.place.on} ${problem.place.pointer}` : "";
    if (!problems.has(key)) problems.set(key, problem);
    if (problems.size > most) break;
  }
  return { problems: withoutMistyped([...problems.values()]) };
}

function once(make: () => unknown): () => unknown {
  let made: { readonly value: unknown } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A required key with a misspelt name is not reported as missing too. */
function withoutMistyped(problems: readonly Problem[]): Problem[] {
  const meant = new Set(problems.flatMap(meantPlaces));
  return problems.filter(({ code, arguments: facts, place }) => code !== "missing-key" || !("pointer" in place) || !meant.has(pointerTo(place.pointer, facts.key)));
}

function isDescription(data: unknown): data is Description {
  return validator(data);
}

function toProblem(error: ErrorObject, data: unknown, given: () => unknown): Problem {
  const pointer = error.instancePath;
  const place = { pointer, on: "value" } as const;
  const key = pointerTokens(pointer).findLast((token) => !/^\d+$/.test(token)) ?? "the description";
  const value = valueAt(data, pointer);
  const kind = scalarKinds.find((name) => error.schemaPath.startsWith(`#/$defs/${name}/`));
  if (kind !== undefined) return explainValue(kind, key, value, pointer, () => exampleOf(pointer));
  switch (error.keyword) {
    case "additionalProperties": {
      const unknown = String(error.params["additionalProperty"]);
      const allowed = allowedKeys(pointer);
      // A secret has a key for the file that it is in.
      const file = allowed.find((one) => one === `${unknown}_file`);
      if (file !== undefined) return { code: "plain-secret", arguments: { key: unknown, instead: file }, place: { pointer: pointerTo(pointer, unknown), on: "key" } };
      return {
        code: "unknown-key",
        arguments: { key: textOf(unknown), allowed, suggestion: suggestionFor(unknown, pointer, allowed, given()) },
        place: { pointer: pointerTo(pointer, unknown), on: "key" },
      };
    }
    case "required": {
      const missing = String(error.params["missingProperty"]);
      const example = exampleOf(pointerTo(pointer, missing));
      return { code: "missing-key", arguments: { key: missing, example }, place: { pointer, on: "key" } };
    }
    case "enum": {
      const allowed = (schemaAt(pointer)?.enum ?? []).map(String);
      const text = textOf(value);
      return { code: "not-allowed", arguments: { key, value: text, allowed, ...meantWord(key, text, allowed) }, place };
    }
    case "maxItems":
      return { code: "too-many-items", arguments: { key, limit: Number(error.params["limit"]) }, place };
    case "minItems":
      return { code: "too-few-items", arguments: { key, example: exampleOf(pointer) }, place };
    default: {
      const expected = String(error.params["type"]);
      const [, spaceless = "", rest = ""] = (expected === "object" && typeof value === "string" && /^([a-z_]+):(\S+)$/.exec(value)) || [];
      if (allowedKeys(pointer).includes(spaceless)) return { code: "yaml-space", arguments: { after: ":", instead: textOf(`${spaceless}: ${rest}`), inList: false }, place };
      return { code: "wrong-type", arguments: { key, expected, value: quotedIfPlain(value), instead: instead(expected, value, pointer), example: exampleOf(pointer), optional: value === null && isOptional(pointer) }, place };
    }
  }
}

/** The value for a message. Text that looks like another type is shown in quotes. */
function quotedIfPlain(value: unknown): string {
  return typeof value === "string" && /^(?:true|false|null|~|-?\d+(?:\.\d+)?)$/.test(value) ? `"${value}"` : textOf(value);
}

/** The value that was probably meant: YAML 1.1's words for booleans, a list without brackets. */
function instead(expected: string, value: unknown, pointer: string): EditValue | undefined {
  // A key that has other entries by default may be meant to have none.
  if (expected === "array" && (value === false || (typeof value === "string" && /^(?:none|n|no|off|false)$/i.test(value))) && schemaAt(pointer)?.minItems === undefined) return [];
  if (typeof value !== "string") return undefined;
  if (expected === "boolean") {
    if (/^(?:y|yes|on|true)$/i.test(value)) return true;
    if (/^(?:n|no|off|false)$/i.test(value)) return false;
  }
  // Entries without a space after the hyphen are one text.
  const entries = value.split(/[\s,]+/).map((entry) => entry.replace(/^-/, "")).filter((entry) => entry !== "");
  return expected === "array" && entries.length > 0 && entries.every((entry) => isEntry(entry, pointer)) ? entries : undefined;
}

/** Whether the list at a pointer takes the text as an entry. */
function isEntry(text: string, pointer: string): boolean {
  const items = schemaAt(pointer)?.items;
  if (items === undefined) return false;
  if (!("$ref" in items)) return items.enum?.includes(text) ?? false;
  const kind = scalarKinds.find((name) => items.$ref === `#/$defs/${name}`);
  return kind !== undefined && takes(kind, text, pointer);
}

/** Whether a key with a default is left empty; then it can be removed. */
function isOptional(pointer: string): boolean {
  const tokens = pointerTokens(pointer);
  const parent = schemaAt(pointerOf(tokens.slice(0, -1)));
  const [key = ""] = tokens.slice(-1);
  return parent?.properties?.[key] !== undefined && parent.required?.includes(key) !== true;
}

function pointerOf(tokens: readonly string[]): string {
  return tokens.reduce<string>(pointerTo, "");
}

/** The key that an unknown one was meant to be: this key in its usual place, or a similar one here. */
function suggestionFor(unknown: string, pointer: string, allowed: readonly string[], data: unknown): KeySuggestion | undefined {
  const has = (mapping: string, key: string) => valueAt(data, pointerTo(mapping, key)) !== undefined;
  // The key for plain http is another one than that for https.
  const secure = plain(unknown.replace(/http(?!s)/, "https"));
  const near = nearest(unknown, allowed.filter((key) => plain(key) !== secure || secure === plain(unknown)));
  const similar = near === undefined ? undefined : ({ kind: "similar", key: near, given: has(pointer, near) } as const);
  // In another spelling, or as one for several.
  if (near !== undefined && (plain(near) === plain(unknown) || plain(near) === `${plain(unknown)}s`)) return similar;
  const mappings = mappingsWith(unknown, schemaAt(""), "");
  const [only = "", ...others] = mappings;
  if (mappings.length > 0) return { kind: "elsewhere", mappings, given: others.length === 0 && has(only, unknown) };
  return similar;
}

/** The pointers of all mappings that may have a key. */
function mappingsWith(key: string, node: SchemaNode | undefined, pointer: string): string[] {
  const properties = Object.entries(node?.properties ?? {});
  return [...properties.filter(([name]) => name === key).map(() => pointer), ...properties.flatMap(([name, inner]) => mappingsWith(key, inner, pointerTo(pointer, name)))];
}

/** The parts of the schema that messages use. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode | { readonly $ref: string };
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly minItems?: number;
}

/** Parsed at the first problem, because valid descriptions do not need it. */
let schema: SchemaNode | undefined;

function schemaAt(pointer: string): SchemaNode | undefined {
  let node: SchemaNode | undefined = (schema ??= parsedSchema());
  for (const token of pointerTokens(pointer)) {
    const items: SchemaNode | { readonly $ref: string } | undefined = node?.items;
    node = node?.properties?.[token] ?? (items !== undefined && !("$ref" in items) ? items : undefined);
  }
  return node;
}

function parsedSchema(): SchemaNode {
  return JSON.parse(schemaText);
}

/** The schema's example for a key in YAML. Versions are without quotes, because the messages add them. */
function exampleOf(pointer: string): string {
  const example = schemaAt(pointer)?.examples?.[0];
  return typeof example === "string" && /^[\d.]+$/.test(example) ? example : flow(example);
}

/** The allowed keys of the mapping at a pointer. */
export function allowedKeys(pointer: string): string[] {
  return Object.keys(schemaAt(pointer)?.properties ?? {});
}

function valueAt(data: unknown, pointer: string): unknown {
  return pointerTokens(pointer).reduce<unknown>((value, token) => {
    return value !== null && typeof value === "object" ? Object.getOwnPropertyDescriptor(value, token)?.value : undefined;
  }, data);
}
