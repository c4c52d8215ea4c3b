/**
 * Reads Postfix's main.cf format (postconf(5)): a logical line begins in the first column and goes on in lines that begin
 * with white space. Empty lines and comment lines are skipped, also between the lines of a value.
 *
 * The text has one character per byte, so that bytes that are not UTF-8 are preserved.
 */

/** A parameter with its value; offsets are into the text. */
export interface Parameter {
  readonly name: string;
  /** The lines of the value, joined by a space. */
  readonly value: string;
  readonly start: number;
  /** The beginning of the value in its first line. */
  readonly valueStart: number;
  /** The end of its first line. */
  readonly lineEnd: number;
  /** The end of its last line, without the line end. */
  readonly end: number;
}

/** A line that keeps Postfix from starting: not a parameter, or a further line of nothing. */
export interface Fault {
  readonly kind: "no-value" | "continues-nothing";
  readonly start: number;
  readonly end: number;
}

export interface MainCf {
  readonly text: string;
  readonly parameters: readonly Parameter[];
  readonly faults: readonly Fault[];
}

/** A {@link Parameter} whose further lines are still to come. */
interface Reading extends Omit<Parameter, "value" | "end"> {
  readonly lines: string[];
  end: number;
}

export function readMainCf(text: string): MainCf {
  const read: Reading[] = [];
  const faults: Fault[] = [];
  let open: Reading | Fault | undefined;
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    if (/^[ \t\r\v\f]*(?:#|$)/.test(line)) {
      // It ends nothing.
    } else if (!/^[ \t\r\v\f]/.test(line)) {
      open = parameterOf(line, start) ?? { kind: "no-value", start, end };
      if ("name" in open) read.push(open);
      else faults.push(open);
    } else if (open === undefined) {
      open = { kind: "continues-nothing", start, end };
      faults.push(open);
    } else if ("name" in open) {
      open.lines.push(line.trim());
      open.end = end;
    }
    start = end + 1;
  }
  return { text, parameters: read.map(({ lines, ...parameter }) => ({ ...parameter, value: lines.join(" ").trim() })), faults };
}

function parameterOf(line: string, start: number): Reading | undefined {
  const sign = line.indexOf("=");
  const name = line.slice(0, Math.max(0, sign)).trim();
  if (sign === -1 || name === "" || /[\s{}]/.test(name)) return undefined;
  const value = line.slice(sign + 1).trim();
  const valueStart = start + (value === "" ? sign + 1 : line.indexOf(value, sign + 1));
  return { name, lines: [value], start, valueStart, lineEnd: start + line.length, end: start + line.length };
}

/** The entries of a list: separated by white space or commas, except in braces. */
export function entriesOf(value: string): string[] {
  const entries: string[] = [];
  let [depth, entry] = [0, ""];
  for (const character of value) {
    if (character === "{") depth++;
    if (character === "}") depth = Math.max(0, depth - 1);
    if (depth > 0 || !/[\s,]/.test(character)) entry += character;
    else if (entry !== "") {
      entries.push(entry.replaceAll(/\s+/g, " "));
      entry = "";
    }
  }
  return entry === "" ? entries : [...entries, entry.replaceAll(/\s+/g, " ")];
}
