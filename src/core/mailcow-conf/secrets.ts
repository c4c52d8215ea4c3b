/** mailcow.conf without what nobody else may read. */
import { discreetly } from "../secrets/hide.ts";
import { hidden } from "../secrets/mark.ts";
import { secretSpans } from "../secrets/spans.ts";
import { mayBeShown } from "./known-keys.ts";
import type { Conf } from "./statements.ts";

/**
 * The text with the values of all keys hidden but those that are known to hold no secret, in comments and in lines that
 * docker compose refuses as well, and what is a secret in any file. The number of lines stays.
 */
export function withoutSecrets({ text, statements, comments, faults }: Conf): string {
  const understood = inLines([...statements, ...comments]);
  const secrets = inLines([
    ...statements.filter(({ key, value }) => value !== "" && !mayBeShown(key)).map(({ start, end }) => ({ start: behindSign(text, start), end })),
    ...faults.map(({ start }) => ({ start, end: start })),
    ...secretSpans(text),
  ]);
  let start = 0;
  const lines = text.split("\n").map((line) => {
    const from = start;
    const end = from + line.length;
    start = end + 1;
    const [known] = understood(from, end);
    // It may be the rest of a value whose quote is never closed.
    if (line.trim() !== "" && known === undefined) return withoutTail(line, 0);
    const first = Math.min(...secrets(from, end).map((span) => span.start - from));
    return withoutTail(line, Math.min(line.length, Math.max(0, first), inWords(line)));
  });
  return lines.join("\n");
}

/** A value of a key that may be shown, without what looks in it like one of another key. */
export function openly(value: string): string {
  return value.split("\n").map((line) => discreetly(withoutTail(line, inWords(line)))).join("\n");
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Asked of line after line, says which of the spans reach into it, in their order. */
function inLines(spans: readonly Span[]): (from: number, end: number) => Span[] {
  const waiting = spans.toSorted((left, right) => right.start - left.start);
  let reached: Span[] = [];
  return (from, end) => {
    reached = reached.filter((span) => span.end >= from);
    for (let next = waiting.at(-1); next !== undefined && next.start <= end; next = waiting.at(-1)) {
      waiting.pop();
      if (next.end >= from) reached.push(next);
    }
    return reached;
  };
}

function behindSign(text: string, start: number): number {
  return start + text.slice(start).search(/[=:]/) + 1;
}

function withoutTail(line: string, length: number): string {
  return length === line.length ? line : `${line.slice(0, length)}${hidden}${line.endsWith("\r") ? "\r" : ""}`;
}

/** What looks like a key with a value, wherever it stands. */
const word = /[\w.]+/g;
const sign = /[ \t]*(?:=[ \t]*|:[ \t]+)/y;

/** In prose many words stand before a colon. */
const secretive = /pass|secret|token|key|root|pwd|auth|credential/i;

/** Where the first value begins that a comment gives away. */
function inWords(line: string): number {
  for (const { 0: run, index } of line.matchAll(word)) {
    // A number before it may be that of a line.
    const key = run.replace(/^[\d.]+/, "");
    sign.lastIndex = index + run.length;
    const [assigned = ""] = key === "" ? [] : (sign.exec(line) ?? []);
    const value = index + run.length + assigned.length;
    if (assigned === "" || /^[ \t\r]?$/.test(line.charAt(value))) continue;
    if (!mayBeShown(key) && (assigned.includes("=") || secretive.test(key))) return value;
  }
  return line.length;
}
