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

export function readMainCf(text: string): MainCf {
  const parameters: Parameter[] = [];
  const faults: Fault[] = [];
  let open: Parameter | Fault | undefined;
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    if (!/^[ \t\r\v\f]*(?:#|$)/.test(line)) {
      if (/^[ \t\r\v\f]/.test(line)) {
        open = continued(open, line, { start, end });
        if (open === undefined) faults.push({ kind: "continues-nothing", start, end });
        else if ("name" in open) parameters[parameters.length - 1] = open;
      } else {
        open = parameterOf(line, start) ?? { kind: "no-value", start, end };
        if ("name" in open) parameters.push(open);
        else faults.push(open);
      }
    }
    start = end + 1;
  }
  return { text, parameters, faults };
}

function continued(open: Parameter | Fault | undefined, line: string, { end }: { start: number; end: number }): Parameter | Fault | undefined {
  return open !== undefined && "name" in open ? { ...open, value: `${open.value} ${line.trim()}`.trim(), end } : open;
}

function parameterOf(line: string, start: number): Parameter | undefined {
  const sign = line.indexOf("=");
  const name = line.slice(0, Math.max(0, sign)).trim();
  if (sign === -1 || name === "" || /[\s{}]/.test(name)) return undefined;
  const value = line.slice(sign + 1).trim();
  const valueStart = start + (value === "" ? sign + 1 : line.indexOf(value, sign + 1));
  return { name, value, start, valueStart, lineEnd: start + line.length, end: start + line.length };
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
