/** A first description, in which every key is shown and explained in the words of the schema. */
import schemaText from "../../../schemas/description.schema.json?raw";
import { flow } from "../yaml/flow.ts";
import { pointerTokens } from "../yaml/locate.ts";

export type Value = string | number | boolean | readonly Value[] | Draft;

/** The contents of an unfinished description, as data. */
export interface Draft {
  readonly [key: string]: Value;
}

/** The draft with a value set at a JSON Pointer, which may contain only keys of mappings. */
export function withValue(draft: Draft, pointer: string, value: Value): Draft {
  const [key = "", ...rest] = pointerTokens(pointer);
  if (rest.length === 0) return { ...draft, [key]: value };
  const inner = draft[key];
  return { ...draft, [key]: withValue(isDraft(inner) ? inner : {}, `/${rest.join("/")}`, value) };
}

export function valueAt(draft: Draft, pointer: string): Value | undefined {
  return pointerTokens(pointer).reduce<Value | undefined>((value, key) => (isDraft(value) ? value[key] : undefined), draft);
}

/**
 * The description as a file with comments. Keys that the draft does not set are commented out, with their default or,
 * without one, with an example. Such a line is correct as soon as its `#` is removed.
 */
export function newDescription(draft: Draft): string {
  return `${[...head, "", ...keys(schema, draft, 0).flatMap((lines) => [...lines, ""])].slice(0, -1).join("\n")}\n`;
}

/** The parts of the schema that are used here. */
interface Node {
  readonly description: string;
  readonly examples: readonly Value[];
  readonly default?: Value;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly enum?: readonly string[];
  /** Of entries with a definition of their own, only the reference. */
  readonly items?: Pick<Partial<Node>, "description" | "enum" | "properties">;
}

const schema: Node = JSON.parse(schemaText);

/** The default of a key at the top. */
export function defaultOf(key: string): Value | undefined {
  return schema.properties?.[key]?.default;
}

const width = 110;

const head = [
  ...wrapped(schema.description, 0),
  ...wrapped("Only hostname is required. A key after a # shows its default, or an example if it has no default. To set it, remove the # from it and from the keys that contain it.", 0),
];

/**
 * The lines of each key.
 *
 * @param draft undefined inside a block that is commented out as a whole
 * @param depth of the mapping
 */
function keys(mapping: Node, draft: Draft | undefined, depth: number): string[][] {
  const children = Object.entries(mapping.properties ?? {});
  // Without its #, a block must be equal to the defaults, so examples in it get their own #.
  const hasDefaults = mapping.default !== undefined && children.some(([, node]) => !isEmpty(node.default));
  return children.map(([key, node]) => {
    const value = draft?.[key];
    const lines = assignment(key, node, value, depth);
    const aside = draft === undefined ? hasDefaults && isEmpty(node.default) : value === undefined;
    return [...explained(node, depth), ...(aside ? lines.map((line) => `#${line}`) : lines)];
  });
}

/** The description, with the values that it does not name, and the keys of entries. */
function explained(node: Node, depth: number): string[] {
  const values = node.enum ?? node.items?.enum ?? [];
  return [
    ...wrapped(node.description, depth),
    ...(values.every((value) => node.description.includes(value)) ? [] : wrapped(`Values: ${values.join(", ")}.`, depth)),
    ...Object.entries(node.items?.properties ?? {}).flatMap(([key, { description }]) => wrapped(`${key}: ${description}`, depth)),
  ];
}

function assignment(key: string, node: Node, value: Value | undefined, depth: number): string[] {
  if (node.properties !== undefined) return [`${key}:`, ...keys(node, isDraft(value) ? value : undefined, depth + 1).flat().map((line) => `  ${line}`)];
  const shown = value ?? (isEmpty(node.default) ? node.examples[0] : node.default) ?? "";
  const line = `${key}: ${flow(shown)}`;
  return line.length > width && Array.isArray(shown) ? [`${key}:`, ...shown.map((item: Value) => `  - ${flow(item)}`)] : [line];
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function isDraft(value: Value | undefined): value is Draft {
  return typeof value === "object" && !Array.isArray(value);
}

/** Text as the lines of a comment, short enough to be indented later. */
function wrapped(text: string, depth: number): string[] {
  const lines = ["#"];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length + 3 * depth <= width) lines[lines.length - 1] = longer;
    else lines.push(`# ${word}`);
  }
  return lines;
}
