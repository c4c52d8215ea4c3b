/** Hides the secrets in mailcow.conf. */
import { discreetly } from "../secrets/hide.ts";
import { hidden } from "../secrets/mark.ts";
import { secretSpans } from "../secrets/spans.ts";
import { mayBeShown } from "./known-keys.ts";
import type { Conf } from "./statements.ts";

/**
 * Hides all values, except those of keys that are known to hold no secret, also in comments and in lines that docker
 * compose refuses. Also hides what is a secret in any file. The number of lines does not change.
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
    // Hide unknown lines: they may belong to a value whose quote is never closed.
    if (line.trim() !== "" && known === undefined) return withoutTail(line, 0);
    const first = Math.min(...secrets(from, end).map((span) => span.start - from));
    return withoutTail(line, Math.min(line.length, Math.max(0, first), inWords(line)));
  });
  return lines.join("\n");
}

/** A value that may be shown, without parts of it that look like the value of another key. */
export function openly(value: string): string {
  return value.split("\n").map((line) => discreetly(withoutTail(line, inWords(line)))).join("\n");
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Returns a function that gives the spans in a line, in order. Call it for one line after the other. */
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

/** Matches what looks like a key with a value, anywhere in a line. */
const word = /[\w.]+/g;
const sign = /[ \t]*(?:=[ \t]*|:[ \t]+)/y;

/** Before a colon only these words count as keys, because prose has colons too. */
const secretive = /pass|secret|token|key|root|pwd|auth|credential/i;

/** The offset of the first value in a line that must be hidden, or the line's length. */
function inWords(line: string): number {
  for (const { 0: run, index } of line.matchAll(word)) {
    // It may have a line number before it.
    const key = run.replace(/^[\d.]+/, "");
    sign.lastIndex = index + run.length;
    const [assigned = ""] = key === "" ? [] : (sign.exec(line) ?? []);
    const value = index + run.length + assigned.length;
    if (assigned === "" || /^[ \t\r]?$/.test(line.charAt(value))) continue;
    if (!mayBeShown(key) && (assigned.includes("=") || secretive.test(key))) return value;
  }
  return line.length;
}
