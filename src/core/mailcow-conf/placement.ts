/** Finds the place for a new key, in the order of mailcow's own file. */
import { neighbours } from "./known-keys.ts";
import type { Conf } from "./statements.ts";

export interface Insertion {
  readonly at: number;
  /** The line, with the line end that separates it. */
  readonly text: string;
}

/**
 * The first of these places that exists: below the line where the key is commented out, below the key before it in
 * mailcow's file, above the key after it, at the end. If the last line has no line end, the new last line has none either.
 */
export function insertion(line: string, key: string, conf: Conf): Insertion {
  const { text, statements, comments } = conf;
  const { before, after } = neighbours(key);
  const above = first(before, (name) => statements.findLast((statement) => statement.key === name));
  const from = above?.end ?? 0;
  const below = first(after, (name) => statements.find((statement) => statement.key === name && statement.start >= from));
  const commentedOut = new RegExp(`^#[#\\s]*(?:export\\s+)?${key}[ \\t]*=`);
  const between = comments.filter(({ start, end }) => start >= from && end <= (below?.start ?? text.length));
  const comment = between.findLast(({ start, end }) => commentedOut.test(text.slice(start, end)));
  if (comment !== undefined) return under(line, comment.end, conf);
  if (above !== undefined) return under(line, above.end, conf);
  if (below !== undefined) return { at: topOfBlock(conf, below.start), text: line + usualEnd(text) };
  if (/^(?:\xef\xbb\xbf)?$/.test(text)) return { at: text.length, text: line + usualEnd(text) };
  return under(line, text.replace(/\r?\n$/, "").length, conf);
}

function first<T, U>(items: readonly T[], find: (item: T) => U | undefined): U | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Below the line with this offset, and below statements that begin on that line and span several lines. */
function under(line: string, offset: number, { text, statements }: Conf): Insertion {
  let at = endOfLine(text, offset);
  for (const { start, end } of statements) if (start < at && at < end) at = endOfLine(text, end);
  const lineEnd = /^\r?\n/.exec(text.slice(at, at + 2))?.[0] ?? usualEnd(text);
  return { at, text: lineEnd + line };
}

/** The beginning of the comment block directly above a line. */
function topOfBlock({ text, comments }: Conf, offset: number): number {
  let top = text.lastIndexOf("\n", offset - 1) + 1;
  for (const { start, end } of comments.toReversed()) {
    const whole = start === 0 || text[start - 1] === "\n";
    if (whole && /^\r?\n$/.test(text.slice(end, top))) top = start;
  }
  return top;
}

function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf("\n", offset);
  if (feed === -1) return text.length;
  return text[feed - 1] === "\r" && feed > offset ? feed - 1 : feed;
}

function usualEnd(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}
