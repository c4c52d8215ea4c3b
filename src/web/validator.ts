/**
 * Validates with a schema as it stands, with the errors that Ajv would give. The page has it in place of the code that Ajv
 * generates, which is forty times larger. build/web/validator.js knows the keywords that are here.
 */
import type { ErrorObject } from "ajv";
import { pointerTo } from "../core/yaml/locate.ts";

type Formats = Readonly<Record<string, (text: string) => boolean>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

interface Validator {
  (data: unknown): boolean;
  errors: ErrorObject[] | null;
}

/** Fills defaults in place, as far as the data is of the right type. */
export function validatorOf(root: Schema, formats: Formats): Validator {
  const expressions = new Map<string, RegExp>();
  const matches = (pattern: string, text: string) => {
    const known = expressions.get(pattern) ?? new RegExp(pattern, "u");
    expressions.set(pattern, known);
    return known.test(text);
  };

  /** @param at where the schema is, for errors */
  function* faults(schema: Schema, data: unknown, pointer: string, at: string): Generator<ErrorObject> {
    const fault = (keyword: string, params: Record<string, unknown> = {}): ErrorObject => ({ keyword, instancePath: pointer, schemaPath: `${at}/${keyword}`, params });
    const name = schema.$ref?.replace("#/$defs/", "");
    const definition = name === undefined ? undefined : root.$defs?.[name];
    if (definition !== undefined) yield* faults(definition, data, pointer, `#/$defs/${name}`);
    if (schema.type !== undefined && !isOf(schema.type, data)) return void (yield fault("type", { type: schema.type }));
    if (typeof data === "number" && (data < (schema.minimum ?? -Infinity) || data > (schema.maximum ?? Infinity))) yield fault("minimum");
    if (typeof data === "string") {
      const { length } = Array.from(data);
      if (length < (schema.minLength ?? 0) || length > (schema.maxLength ?? Infinity)) yield fault("maxLength");
      if (schema.pattern !== undefined && !matches(schema.pattern, data)) yield fault("pattern");
      if (schema.format !== undefined && formats[schema.format]?.(data) !== true) yield fault("format");
    }
    if (schema.enum !== undefined && !schema.enum.includes(data)) yield fault("enum");
    if (Array.isArray(data)) {
      if (data.length > (schema.maxItems ?? Infinity)) yield fault("maxItems", { limit: schema.maxItems });
      if (data.length < (schema.minItems ?? 0)) yield fault("minItems", { limit: schema.minItems });
      if (schema.items !== undefined) for (const [index, item] of data.entries()) yield* faults(schema.items, item, pointerTo(pointer, index), `${at}/items`);
    } else if (isOf("object", data)) {
      const { properties = {}, required = [] } = schema;
      for (const [key, { default: value }] of Object.entries(properties)) if (value !== undefined && Reflect.get(data, key) === undefined) Reflect.set(data, key, structuredClone(value));
      for (const key of required) if (Reflect.get(data, key) === undefined) yield fault("required", { missingProperty: key });
      if (schema.additionalProperties === false) for (const key of Object.keys(data)) if (!Object.hasOwn(properties, key)) yield fault("additionalProperties", { additionalProperty: key });
      for (const [key, inner] of Object.entries(properties)) {
        const value: unknown = Reflect.get(data, key);
        if (value !== undefined) yield* faults(inner, value, pointerTo(pointer, key), `${at}/properties/${key}`);
      }
    }
  }

  const validate: Validator = Object.assign((data: unknown) => {
    const found = [...faults(root, data, "", "#")];
    validate.errors = found.length === 0 ? null : found;
    return found.length === 0;
  }, { errors: null });
  return validate;
}

function isOf(type: "object", data: unknown): data is object;
function isOf(type: string, data: unknown): boolean;
function isOf(type: string, data: unknown): boolean {
  if (type === "array") return Array.isArray(data);
  if (type === "object") return typeof data === "object" && data !== null && !Array.isArray(data);
  return type === "integer" ? Number.isInteger(data) : typeof data === type;
}
