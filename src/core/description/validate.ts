/** Validates plain data with the schema, reports all problems at once, and fills in the defaults. */
import type { ErrorObject } from "ajv";
import schemaText from "../../../schemas/description.schema.json?raw";
import { validate as validator } from "../../../schemas/description.schema.json?validator";
import type { Description } from "../../generated/description.ts";
import { explainValue, scalarKinds, textOf } from "./explain.ts";
import { flow } from "../yaml/flow.ts";
import { pointerTo, pointerTokens } from "../yaml/locate.ts";
import { nearest } from "../nearest.ts";
import type { Problem } from "../problems/problem.ts";

export type Validated = { readonly description: Description } | { readonly problems: readonly Problem[] };

/**
 * @param data plain data from YAML; defaults are filled in place
 * @param most the limit for reported problems; one more is returned when there are more
 */
export function validate(data: unknown, most: number): Validated {
  if (isDescription(data)) return { description: data };
  const problems = new Map<string, Problem>();
  for (const error of validator.errors ?? []) {
    const problem = toProblem(error, data);
    // A value with two faults is still one problem.
    const key = "pointer" in problem.place ? `${problem.place.on} ${problem.place.pointer}` : "";
    if (!problems.has(key)) problems.set(key, problem);
    if (problems.size > most) break;
  }
  return { problems: withoutMistyped([...problems.values()]) };
}

/** A required key with a misspelt name is not reported as missing too. */
function withoutMistyped(problems: readonly Problem[]): Problem[] {
  const meant = new Set(problems.flatMap(({ code, arguments: facts }) => (code === "unknown-key" && facts.nearest !== undefined ? [facts.nearest] : [])));
  return problems.filter(({ code, arguments: facts }) => code !== "missing-key" || !meant.has(facts.key));
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
  if (kind !== undefined) return explainValue(kind, key, value, pointer, () => exampleOf(pointer));
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
    case "maxItems":
      return { code: "too-many-items", arguments: { key, limit: Number(error.params["limit"]) }, place };
    case "minItems":
      return { code: "too-few-items", arguments: { key, example: exampleOf(pointer) }, place };
    default: {
      const expected = String(error.params["type"]);
      return { code: "wrong-type", arguments: { key, expected, value: quotedIfPlain(value), instead: instead(expected, value), example: exampleOf(pointer) }, place };
    }
  }
}

/** The value for a message. Text that looks like another type is shown in quotes. */
function quotedIfPlain(value: unknown): string {
  return typeof value === "string" && /^(?:true|false|null|~|-?\d+(?:\.\d+)?)$/.test(value) ? `"${value}"` : textOf(value);
}

/** The value that was probably meant: YAML 1.1's words for booleans, a list with one entry without brackets. */
function instead(expected: string, value: unknown): string | undefined {
  if (expected === "boolean" && typeof value === "string") {
    if (/^(?:y|yes|on|true)$/i.test(value)) return "true";
    if (/^(?:n|no|off|false)$/i.test(value)) return "false";
  }
  return expected === "array" && (typeof value === "string" || typeof value === "number") ? flow([value]) : undefined;
}

/** The parts of the schema that messages use. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode | { readonly $ref: string };
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
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
