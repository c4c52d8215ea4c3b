/** mailcow.conf without what nobody else may read. */
import { mayBeShown } from "./known-keys.ts";
import type { Conf } from "./statements.ts";

/** Stands for what is not shown. */
export const hidden = "(hidden)";

/**
 * The text with the values of all keys hidden but those that are known to hold no secret, in comments and in lines that
 * docker compose refuses as well. The number of lines stays.
 */
export function withoutSecrets({ text, statements, comments, faults }: Conf): string {
  const understood = [...statements, ...comments];
  const secrets = [
    ...statements.filter(({ key, value }) => value !== "" && !mayBeShown(key)).map(({ start, end }) => ({ start: behindSign(text, start), end })),
    ...faults.map(({ start }) => ({ start, end: start })),
  ];
  let start = 0;
  const lines = text.split("\n").map((line) => {
    const from = start;
    const end = from + line.length;
    start = end + 1;
    const reaches = (span: { start: number; end: number }) => span.start <= end && span.end >= from;
    // It may be the rest of a value whose quote is never closed.
    if (line.trim() !== "" && !understood.some(reaches)) return withoutTail(line, 0);
    const inLine = secrets.filter(reaches).map((secret) => Math.max(0, secret.start - from));
    return withoutTail(line, Math.min(line.length, ...inLine, ...inWords(line)));
  });
  return lines.join("\n");
}

/** A value of a key that may be shown, without what looks in it like one of another key. */
export function openly(value: string): string {
  return value.split("\n").map((line) => withoutTail(line, Math.min(line.length, ...inWords(line)))).join("\n");
}

function behindSign(text: string, start: number): number {
  return start + text.slice(start).search(/[=:]/) + 1;
}

function withoutTail(line: string, length: number): string {
  return length === line.length ? line : `${line.slice(0, length)}${hidden}${line.endsWith("\r") ? "\r" : ""}`;
}

/** What looks like a key with a value, wherever it stands. */
const assignment = /([A-Za-z_][\w.]*)[ \t]*(?:(=)[ \t]*|:[ \t]+)(?=[^ \t\r])/g;

/** In prose many words stand before a colon. */
const secretive = /pass|secret|token|key|root|pwd|auth|credential/i;

/** Where values begin that a comment gives away. */
function inWords(line: string): number[] {
  return [...line.matchAll(assignment)]
    .filter(([, key = "", sign]) => !mayBeShown(key) && (sign !== undefined || secretive.test(key)))
    .map(({ 0: whole, index }) => index + whole.length);
}
