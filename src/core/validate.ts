/** The schema's verdict on the plain data, every problem at once. Defaults are filled into the data on the way. */
import type { ErrorObject } from "ajv";
import { closest, distance } from "fastest-levenshtein";
import schemaText from "../../schemas/description.schema.json?raw";
import { validate as validator } from "../../schemas/description.schema.json?validator";
import type { Description } from "../generated/description.ts";
import { explainValue, scalarKinds, textOf } from "./explain.ts";
import { pointerTo, pointerTokens } from "./locate.ts";
import type { Problem } from "./problem.ts";

export type Validated = { readonly description: Description } | { readonly problems: readonly Problem[] };

/** @param data plain data as YAML gives it; its defaults are filled in place. */
export function validate(data: unknown): Validated {
  if (isDescription(data)) return { description: data };
  const problems = new Map<string, Problem>();
  for (const error of validator.errors ?? []) {
    const problem = toProblem(error, data);
    // A value that breaks its rules in two ways is still one problem.
    const key = "pointer" in problem.place ? `${problem.place.on} ${problem.place.pointer}` : "";
    if (!problems.has(key)) problems.set(key, problem);
  }
  return { problems: [...problems.values()] };
}

function isDescription(data: unknown): data is Description {
  return validator(data);
}

function toProblem(error: ErrorObject, data: unknown): Problem {
  const pointer = error.instancePath;
  const place = { pointer, on: "value" } as const;
  const key = pointerTokens(pointer).findLast((token) => !/^\d+$/.test(token)) ?? "the description";
  const value = valueAt(data, pointer);
  const kind = scalarKinds.find((name) => error.schemaPath.startsWith(`#/$defs/${name}/`));
  if (kind !== undefined) return explainValue(kind, key, value, pointer);
  switch (error.keyword) {
    case "additionalProperties": {
      const unknown = String(error.params["additionalProperty"]);
      const allowed = allowedKeys(pointer);
      return {
        code: "unknown-key",
        arguments: { key: textOf(unknown), nearest: nearest(unknown, allowed), allowed },
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
      return { code: "not-allowed", arguments: { key, value: text, allowed, nearest: nearest(text, allowed) }, place };
    }
    case "minItems":
      return { code: "too-few-items", arguments: { key, example: exampleOf(pointer) }, place };
    default: {
      const expected = String(error.params["type"]);
      return { code: "wrong-type", arguments: { key, expected, value: textOf(value), instead: instead(expected, value) }, place };
    }
  }
}

/** What was probably meant: YAML 1.1's words for booleans, a list of one written without its brackets. */
function instead(expected: string, value: unknown): string | undefined {
  if (expected === "boolean" && typeof value === "string") {
    if (/^(?:y|yes|on|true)$/i.test(value)) return "true";
    if (/^(?:n|no|off|false)$/i.test(value)) return "false";
  }
  return expected === "array" && (typeof value === "string" || typeof value === "number") ? `[${value}]` : undefined;
}

/** The allowed word a misspelt one is nearest to, when it is near at all. */
function nearest(word: string, allowed: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, "");
  const same = allowed.find((candidate) => plain(candidate) === plain(word));
  if (same !== undefined || allowed.length === 0 || word.length > 64) return same;
  const candidate = closest(word.toLowerCase(), allowed);
  const near = Math.max(Math.floor(candidate.length / 3), Math.min(2, candidate.length - 2));
  return distance(word.toLowerCase(), candidate) <= near ? candidate : undefined;
}

/** What the reports read of the schema. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode | { readonly $ref: string };
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
}

function schemaAt(pointer: string): SchemaNode | undefined {
  // Read when something is wrong; a description that is not needs nothing of it.
  let node: SchemaNode | undefined = JSON.parse(schemaText);
  for (const token of pointerTokens(pointer)) {
    const items: SchemaNode | { readonly $ref: string } | undefined = node?.items;
    node = node?.properties?.[token] ?? (items !== undefined && !("$ref" in items) ? items : undefined);
  }
  return node;
}

/** The schema's example of a key, as one would write it in YAML: lists of plain words, and words alone. */
function exampleOf(pointer: string): string {
  const example = schemaAt(pointer)?.examples?.[0];
  const word = (value: unknown) => (String(value).includes(":") ? `"${String(value)}"` : String(value));
  return Array.isArray(example) ? `[${example.map(word).join(", ")}]` : word(example);
}

function allowedKeys(pointer: string): string[] {
  return Object.keys(schemaAt(pointer)?.properties ?? {});
}

function valueAt(data: unknown, pointer: string): unknown {
  return pointerTokens(pointer).reduce<unknown>((value, token) => {
    return value !== null && typeof value === "object" ? Object.entries(value).find(([name]) => name === token)?.[1] : undefined;
  }, data);
}
