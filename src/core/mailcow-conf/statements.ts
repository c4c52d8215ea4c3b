/**
 * Reads mailcow.conf in the same way as docker compose: with the grammar of `dotenv/parser.go` in compose-spec/compose-go
 * v2, which differs from that of a shell. Variables and escapes in values are not replaced.
 *
 * The text has one character per byte, so that bytes that are not UTF-8 are preserved.
 */

/** A spelling that bash, or mailcow's scripts with their search for `KEY=` at the beginning of a line, read differently. */
export type Spelling = "colon" | "spaces" | "export" | "indented" | "quotes" | "comment";

/** A key with a value; offsets are into the text. */
export interface Statement {
  readonly key: string;
  readonly value: string;
  /** The beginning of its line if only white space precedes it, otherwise of its first character. */
  readonly start: number;
  /** The beginning of the value, after an opening quote. */
  readonly valueStart: number;
  /** The end of the value and its quotes; a comment may follow. */
  readonly end: number;
  readonly spelling: Spelling | undefined;
}

/** A comment from its `#` to the end of its line. */
interface Comment {
  readonly start: number;
  readonly end: number;
}

/** A place at which docker compose refuses the whole file. Reading continues on the next line, to find further faults. */
export interface Fault {
  readonly kind: "character" | "space" | "quote";
  readonly start: number;
  readonly end: number;
  /** The beginning of a value whose quotes began on an earlier line and end on this one. Often the closing quote was forgotten there. */
  readonly opened: number | undefined;
}

export interface Conf {
  readonly text: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly faults: readonly Fault[];
}

// docker compose treats U+0085 and U+00A0 as white space; here they are in UTF-8.
const space = "(?:[\\t\\v\\f\\r ]|\\xc2[\\x85\\xa0])";
const spaces = new RegExp(`${space}*`, "y");
const blank = new RegExp(`(?:${space}|\\n)*`, "y");
const lastSpace = new RegExp(`${space}$`);
const exportPrefix = /export(?=[\t\n\f\r ])/y;
const keyAndSpaces = new RegExp(`(?:[\\w.[\\]\\x80-\\xff]|${space})*`, "y");
const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const restOfLine = /[^\n]*/y;
const byteOrderMark = "\xef\xbb\xbf";

export function readConf(text: string): Conf {
  const conf = { text, statements: [], comments: [], faults: [] };
  let at = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  for (;;) {
    const first = at + take(blank, text, at).length;
    if (first >= text.length) return conf;
    at = text[first] === "#" ? readComment(conf, first) : readStatement(conf, first, at);
  }
}

/** What follows a value on its line. Without quotes, everything except a comment would become part of the value. */
export function behind(text: string, at: number): "nothing" | "comment" | "more" {
  const next = at + take(spaces, text, at).length;
  if (next === text.length || text[next] === "\n") return "nothing";
  return text[next] === "#" && text[next - 1] === " " && next > at ? "comment" : "more";
}

/** A {@link Conf} while it is read. */
interface Reading {
  readonly text: string;
  readonly statements: Statement[];
  readonly comments: Comment[];
  readonly faults: Fault[];
}

/** The reading functions return the offset where they stopped. */
function readComment({ text, comments }: Reading, start: number): number {
  const end = start + take(restOfLine, text, start).length;
  comments.push({ start, end });
  return end;
}

/** @param from the beginning of the white space before it */
function readStatement({ text, statements, faults }: Reading, first: number, from: number): number {
  const exported = take(exportPrefix, text, first);
  const keyStart = first + exported.length + take(spaces, text, first + exported.length).length;
  const name = take(keyAndSpaces, text, keyStart);
  const key = withoutTrailing(name);
  const separator = keyStart + name.length;
  // A last line without a line end is always accepted; it would be refused if a line followed it.
  const sign = text[separator] ?? "\n";
  if (!/[=:\n]/.test(sign) || key.includes(" ")) {
    const opened = openedAbove(text, statements.at(-1), first);
    faults.push(key.includes(" ") ? { kind: "space", start: keyStart, end: keyStart + key.length, opened } : { kind: "character", start: separator, end: separator + 1, opened });
    return separator + take(restOfLine, text, separator).length;
  }
  // A key without a value takes its value from the environment.
  if (sign === "\n") return separator;

  const afterSign = separator + 1;
  const valueStart = afterSign + take(spaces, text, afterSign).length;
  const quotes = take(quoted, text, valueStart);
  const line = quotes === "" ? take(restOfLine, text, valueStart) : "";
  if (quotes === "" && /^["']/.test(line)) faults.push({ kind: "quote", start: valueStart, end: valueStart + withoutTrailing(line).length, opened: undefined });
  const written = quotes === "" ? withoutComment(line) : quotes;
  const apart = valueStart > afterSign && written !== "";
  const comment = apart && written.startsWith("#");
  const lineStart = startOfLine(text, first, from);
  statements.push({
    key,
    value: quotes === "" ? written : unquoted(quotes),
    start: lineStart ?? first,
    valueStart: valueStart + (quotes === "" ? 0 : 1),
    end: written === "" || comment ? afterSign : valueStart + written.length,
    spelling:
      sign === ":" ? "colon"
      : comment ? "comment"
      : apart || name !== key ? "spaces"
      : exported !== "" ? "export"
      : first !== lineStart ? "indented"
      : quotes !== "" ? "quotes"
      : undefined,
  });
  return valueStart + (quotes === "" ? line.length : quotes.length);
}

/** @param before the previous statement, which ends before `at` */
function openedAbove(text: string, before: Statement | undefined, at: number): number | undefined {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  return before !== undefined && before.valueStart < lineStart && before.end > lineStart ? before.valueStart : undefined;
}

function take(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** Searches from the end, because a regular expression would start again at each character of a long run of white space. */
function withoutTrailing(text: string): string {
  let end = text.length;
  for (let last: string | undefined; (last = lastSpace.exec(text.slice(Math.max(0, end - 2), end))?.[0]) !== undefined; ) end -= last.length;
  return text.slice(0, end);
}

function withoutComment(line: string): string {
  const comment = line.indexOf(" #");
  return withoutTrailing(comment === -1 ? line : line.slice(0, comment));
}

function unquoted(text: string): string {
  const quote = text.slice(0, 1);
  return text.slice(1, -1).replaceAll(`\\${quote}`, quote);
}

/** The beginning of the line, or undefined when there is anything but white space before the offset. */
function startOfLine(text: string, first: number, from: number): number | undefined {
  const feed = text.slice(from, first).lastIndexOf("\n");
  if (feed !== -1) return from + feed + 1;
  const begins = from === 0 || text[from - 1] === "\n" || (from === byteOrderMark.length && text.startsWith(byteOrderMark));
  return begins ? from : undefined;
}
