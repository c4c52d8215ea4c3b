/** Finds secrets by their names and by their form in any text: YAML, JSON, a server's configuration, a list of variables. */
import { type Span, formedSecrets } from "./forms.ts";
import { hidden } from "./mark.ts";
import { hasNoName, isReference, isSecretive } from "./names.ts";

export type { Span } from "./forms.ts";

/** How a secret continues on the following lines. */
type Running =
  /** In a PEM block, until its last line. */
  | { readonly kind: "block" }
  /** In a value in quotes, until the closing quote. */
  | { readonly kind: "quote"; readonly quote: string }
  /** After a line that ends with a backslash, until a line that does not. */
  | { readonly kind: "continued" }
  /** In lines that are indented further than the name, or in list items at the name's column. */
  | { readonly kind: "below"; readonly column: number };

/** In prose, a word such as `password` followed by white space has no value. */
type Kind = "text" | "prose";

/** The secrets of a text, in order. None of them spans a line end. */
export function secretSpans(text: string, kind: Kind = "text"): Span[] {
  const spans: Span[] = [];
  let running: Running | undefined;
  let from = 0;
  for (const whole of text.split("\n")) {
    const line = whole.endsWith("\r") ? whole.slice(0, -1) : whole;
    const found = readLine(line, running, kind);
    for (const { start, end } of found.spans.length > 1 ? joined(found.spans) : found.spans) spans.push({ start: from + start, end: from + end });
    running = found.running;
    from += whole.length + 1;
  }
  return spans;
}

interface Match {
  readonly spans: readonly Span[];
  readonly running: Running | undefined;
}

function readLine(line: string, running: Running | undefined, kind: Kind): Match {
  const first = line.search(/\S/);
  if (first === -1) return { spans: [], running };
  switch (running?.kind) {
    case undefined:
      return readFrom(line, 0, kind);
    case "block": {
      const end = line.indexOf("-----END ");
      return end === -1 ? { spans: [{ start: first, end: line.length }], running } : behind(line, first, end, kind);
    }
    case "quote": {
      const end = closing(line, 0, running.quote);
      return end === undefined ? { spans: [{ start: first, end: line.length }], running } : behind(line, first, end, kind);
    }
    case "continued":
      return { spans: [{ start: first, end: line.length }], running: line.endsWith("\\") ? running : undefined };
    case "below": {
      const isInside = first > running.column || (first === running.column && /^-(?:\s|$)/.test(line.slice(first)));
      return isInside ? { spans: [{ start: first, end: line.length }], running } : readFrom(line, 0, kind);
    }
  }
}

/** The end of a secret from the lines above, and what follows it. */
function behind(line: string, start: number, end: number, kind: Kind): Match {
  const { spans, running } = readFrom(line, end, kind);
  return { spans: [{ start, end }, ...spans], running };
}

const word = /[\w.$-]+/g;
/** The sign between a name and its value. In JSON, a quote precedes it. */
const sign = /["']?[ \t]*(?:=>|:=|[=:])[ \t]*/y;
/** In a server's configuration, white space separates name and value. */
const gap = /["']?[ \t]+/y;

function readFrom(line: string, from: number, kind: Kind): Match {
  const { spans, running } = readNames(line, from, kind);
  if (!line.includes("-----BEGIN ", from)) return { spans, running };
  const blocks: Span[] = [];
  // In JSON, a line may contain several blocks.
  for (const { 0: first, index } of line.slice(from).matchAll(/-----BEGIN [A-Z0-9 ]+-----/g)) {
    const start = from + index + first.length;
    const end = line.indexOf("-----END ", start);
    blocks.push({ start, end: end === -1 ? line.length : end });
    if (end === -1) return { spans: [...spans, ...blocks], running: { kind: "block" } };
  }
  return { spans: [...spans, ...blocks], running };
}

function readNames(line: string, from: number, kind: Kind): Match {
  const spans = formedSecrets(line.slice(from)).map(({ start, end }) => ({ start: from + start, end: from + end }));
  if (hasNoName(line)) return { spans, running: undefined };
  const isProse = kind === "prose" || /^\s*(?:#|\/\/|;)/.test(line);
  let at = from;
  for (const name of secretiveNames(line, isProse)) {
    if (name.column < at) continue;
    const { end, running } = readValue(line, name);
    if (end > name.value) spans.push({ start: name.value, end });
    // A value in a comment does not continue on the next line.
    if (running !== undefined) return { spans, running: isProse ? undefined : running };
    at = Math.max(end, name.value);
  }
  return { spans, running: undefined };
}

interface Name {
  readonly column: number;
  /** The beginning of its value. */
  readonly value: number;
  readonly sign: string;
}

/** The secretive names of a line, in order. */
function secretiveNames(line: string, isProse: boolean): Name[] {
  const names: Name[] = [];
  for (const { 0: name, index: column } of line.matchAll(word)) {
    if (!isSecretive(name)) continue;
    const end = column + name.length;
    const assigned = take(sign, line, end);
    const apart = assigned === "" && !isProse && !/[:=]/.test(line.charAt(column - 1)) ? take(gap, line, end) : "";
    const value = end + assigned.length + apart.length;
    const isScheme = assigned === ":" && line.startsWith("//", value);
    // A comment or a shell operator is not a value.
    const isNone = apart !== "" && /^[#|&<>);]?$/.test(line.charAt(value));
    if (assigned + apart !== "" && !isScheme && !isNone) names.push({ column, value, sign: assigned.trim() });
  }
  return names;
}

function take(pattern: RegExp, line: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] ?? "";
}

/** The end of a value in its line, and how it continues on the following lines. */
function readValue(line: string, { column, value, sign }: Name): { end: number; running: Running | undefined } {
  const rest = line.slice(value);
  const below = { kind: "below", column: columnOf(line, column) } as const;
  if (sign.endsWith(":") && /^(?:[|>&!#]|$)/.test(rest)) return { end: line.length, running: below };
  if (sign === "" && rest.endsWith("\\")) return { end: line.length, running: { kind: "continued" } };
  if (isReference(rest) || isHidden(rest)) return { end: value, running: undefined };
  const quote = rest.charAt(0);
  if (quote === '"' || quote === "'") {
    const end = closing(line, value + 1, quote);
    if (end === undefined) return { end: line.length, running: { kind: "quote", quote } };
    // Hide the rest of the line too: it belongs to the value, or is a comment, which often repeats an old value.
    return { end: /^[ \t]*(?:[,}\]);:]|$)/.test(line.slice(end)) ? end : line.length, running: undefined };
  }
  // In brackets, another key may follow on the same line.
  const isFlow = /[{[]/.test(line.slice(0, column)) && sign.endsWith(":");
  const stop = isFlow && !/^[{[]/.test(rest) ? rest.search(/[,}\]]/) : -1;
  return stop === -1 ? { end: line.length, running: sign.endsWith(":") ? below : undefined } : { end: value + stop, running: undefined };
}

/** Whether the value was already hidden, in a sentence that repeats it. */
function isHidden(rest: string): boolean {
  return rest.startsWith(hidden) && /^(?:[\s,;)\]]|$)/.test(rest.slice(hidden.length));
}

/** The offset after the closing quote of a value; undefined when it is not in the line. */
function closing(line: string, from: number, quote: string): number | undefined {
  for (let at = from; at < line.length; at++) {
    if (line[at] === "\\" && quote === '"') at++;
    else if (line[at] === quote && line[at + 1] === quote && quote === "'") at++;
    else if (line[at] === quote) return at + 1;
  }
  return undefined;
}

/** The column of a name, or of the quote before it. */
function columnOf(line: string, column: number): number {
  return /["']/.test(line.charAt(column - 1)) ? column - 1 : column;
}

/** The spans in order, with adjoining and overlapping ones joined. */
export function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.start - right.start)) {
    const last = result.at(-1);
    if (span.end <= span.start) continue;
    if (last !== undefined && span.start <= last.end) result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
