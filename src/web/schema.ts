/** The keys of a description as fields of a form. All of them come from the schema. */
import schemaText from "../../schemas/description.schema.json?raw";
import { pointerTo, pointerTokens } from "../core/yaml/locate.ts";

/** The parts of a schema that say what a field looks like. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * The control of a field: `lines` is a text per line, `choices` are several of a few words, `list` is a list of mappings, and
 * `yaml` is a value in YAML, for shapes that have no control of their own.
 */
type Control = "text" | "number" | "switch" | "choice" | "choices" | "lines" | "group" | "list" | "yaml";

export interface Field {
  readonly pointer: string;
  /** The key. */
  readonly name: string;
  readonly control: Control;
  readonly description: string;
  readonly default: unknown;
  readonly example: unknown;
  readonly required: boolean;
  /** Of `choice` and `choices`. */
  readonly options: readonly string[];
  /** Of a `group`. */
  readonly fields: readonly Field[];
  /** Whether the empty text is a value, and not the absence of one. */
  readonly mayBeEmpty: boolean;
  readonly schema: Schema;
}

const root: Schema = JSON.parse(schemaText);

/** The fields at the top, in the order of the schema. */
export const fields: readonly Field[] = fieldsIn(root, "");

/** The fields of an entry of a `list`. */
export function entryFields({ schema, pointer }: Field, index: number): readonly Field[] {
  return fieldsIn(resolved(schema.items ?? {}), pointerTo(pointer, index));
}

/** The field that shows the value at a pointer: its own, or that of the list it is in. Undefined for unknown keys. */
export function fieldAt(pointer: string): Field | undefined {
  let inside = fields;
  let found: Field | undefined;
  for (const token of pointerTokens(pointer)) {
    if (found?.control === "list" && /^\d+$/.test(token)) {
      inside = entryFields(found, Number(token));
      continue;
    }
    if (found !== undefined && found.control !== "group" && found.control !== "list") return found;
    const next = inside.find(({ name }) => name === token);
    if (next === undefined) return undefined;
    found = next;
    inside = next.fields;
  }
  return found;
}

function fieldsIn({ properties = {}, required = [] }: Schema, parent: string): Field[] {
  return Object.entries(properties).map(([name, node]) => {
    const schema = resolved(node);
    const pointer = pointerTo(parent, name);
    const control = controlOf(schema);
    return {
      pointer,
      name,
      control,
      description: schema.description ?? "",
      default: schema.default,
      example: schema.examples?.[0],
      required: required.includes(name),
      options: (control === "choices" ? resolved(schema.items ?? {}).enum : schema.enum) ?? [],
      fields: control === "group" ? fieldsIn(schema, pointer) : [],
      mayBeEmpty: control === "text" && schema.pattern !== undefined && new RegExp(schema.pattern, "u").test(""),
      schema,
    };
  });
}

/** A node with what it refers to; its own words stay. */
function resolved(node: Schema): Schema {
  const name = node.$ref?.replace("#/$defs/", "");
  const definition = name === undefined ? undefined : root.$defs?.[name];
  return definition === undefined ? node : { ...resolved(definition), ...node };
}

function controlOf(schema: Schema): Control {
  if (schema.enum?.every((value) => typeof value === "string") === true) return "choice";
  switch (schema.type) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "switch";
    case "object":
      return schema.properties === undefined ? "yaml" : "group";
    case "array":
      return listControl(resolved(schema.items ?? {}));
    case undefined:
    default:
      return "yaml";
  }
}

function listControl(items: Schema): Control {
  if (items.enum?.every((value) => typeof value === "string") === true) return "choices";
  if (items.type === "string") return "lines";
  return items.type === "object" && items.properties !== undefined ? "list" : "yaml";
}
