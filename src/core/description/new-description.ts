/** A description for somebody who writes the first one: every key is explained, as the schema does, and shown. */
import schemaText from "../../../schemas/description.schema.json?raw";
import { flow } from "../yaml/flow.ts";
import { pointerTokens } from "../yaml/locate.ts";

export type Value = string | number | boolean | readonly Value[] | Draft;

/** What a description says so far, as data. */
export interface Draft {
  readonly [key: string]: Value;
}

/** The draft with a value at a JSON Pointer of mappings. */
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
 * The description as a commented file. What the draft does not set is commented out: the default, or an example where
 * that is nothing. Without its `#` such a line is in its place.
 */
export function newDescription(draft: Draft): string {
  return `${[...head, "", ...keys(schema, draft, 0).flatMap((lines) => [...lines, ""])].slice(0, -1).join("\n")}\n`;
}

/** The part of the schema in use. */
interface Node {
  readonly description: string;
  readonly examples: readonly Value[];
  readonly default?: Value;
  readonly properties?: Readonly<Record<string, Node>>;
}

const schema: Node = JSON.parse(schemaText);

const width = 110;

const head = [
  ...wrapped(schema.description, 0),
  ...wrapped("Only hostname is required. A key behind a # shows its default, or an example where that is nothing; take the # away to set it, and those of the keys that it is in.", 0),
];

/**
 * The lines of each key.
 *
 * @param draft undefined inside of what is commented out as a whole
 * @param depth of the mapping
 */
function keys(mapping: Node, draft: Draft | undefined, depth: number): string[][] {
  const children = Object.entries(mapping.properties ?? {});
  // A block without its # is to say what the defaults say, so what is an example in it has a # of its own.
  const hasDefaults = mapping.default !== undefined && children.some(([, node]) => !isEmpty(node.default));
  return children.map(([key, node]) => {
    const value = draft?.[key];
    const lines = assignment(key, node, value, depth);
    const aside = draft === undefined ? hasDefaults && isEmpty(node.default) : value === undefined;
    return [...wrapped(node.description, depth), ...(aside ? lines.map((line) => `#${line}`) : lines)];
  });
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

/** Prose as lines of a comment, which are still moved to the right. */
function wrapped(text: string, depth: number): string[] {
  const lines = ["#"];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length + 3 * depth <= width) lines[lines.length - 1] = longer;
    else lines.push(`# ${word}`);
  }
  return lines;
}
