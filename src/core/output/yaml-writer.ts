/**
 * Writes data as YAML, for files that are data and not text with values in it. Strings are quoted wherever YAML could read
 * something else in them. (The package yaml, which reads descriptions, writes too; its writer would slow every start.)
 */

/** A mapping's entries keep their order; an undefined one is left out. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | YamlMapping;
export interface YamlMapping {
  readonly [key: string]: YamlValue | undefined;
}

/** The text of a mapping, with an empty line between the entries of its first two levels. Ends with a line break. */
export function writeYaml(document: YamlMapping): string {
  return block(document, "", 0);
}

function block(value: YamlValue, indent: string, depth: number): string {
  if (isList(value)) return value.map((item) => `${indent}- ${nested(item, `${indent}  `, depth).replace(/^\s+/, "")}`).join("");
  if (typeof value !== "object") return `${indent}${scalar(value)}\n`;
  return entriesOf(value).map(([key, item]) => `${indent}${scalar(key)}:${afterKey(item, indent, depth)}`).join(depth < 2 && indent.length < 4 ? "\n" : "");
}

function afterKey(item: YamlValue, indent: string, depth: number): string {
  if (typeof item !== "object") return ` ${scalar(item)}\n`;
  if (isEmpty(item)) return isList(item) ? " []\n" : " {}\n";
  return `\n${block(item, `${indent}  `, depth + 1)}`;
}

/** An item of a list. */
function nested(item: YamlValue, indent: string, depth: number): string {
  if (typeof item === "object" && isEmpty(item)) return isList(item) ? "[]\n" : "{}\n";
  return block(item, indent, depth + 2);
}

function entriesOf(mapping: YamlMapping): (readonly [string, YamlValue])[] {
  return Object.entries(mapping).flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]));
}

function isEmpty(value: readonly YamlValue[] | YamlMapping): boolean {
  return isList(value) ? value.length === 0 : entriesOf(value).length === 0;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** A word that is a string in every version of YAML: not a number, a date, a boolean or nothing. */
const plain = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_/][\w./@-]*$/i;

const seconds = /^\d+s$/;

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string" || plain.test(value) || seconds.test(value)) return String(value);
  return /^[\x20-\x7e]*$/.test(value) ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}
