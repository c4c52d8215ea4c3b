/** Writes unified diffs for `patch -p1` and `git apply`. */
import type { StructuredPatchHunk } from "diff";
// Its index would bring every kind of comparison.
import { formatPatch, structuredPatch } from "diff/lib/patch/create.js";
import { aroundPlaceholders } from "./placeholder.ts";

export interface FileChange {
  /** The file's name in the diff. A leading `/` is removed, as in git. */
  readonly path: string;
  /** Undefined when there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether its owner can execute it, before (false when there is no file yet) and after. */
  readonly executable?: { readonly before: boolean; readonly after: boolean };
  /** A text that replaces hidden parts in both texts. Lines with it are kept out of the context if possible. */
  readonly placeholder?: string;
}

/** The number of unchanged lines around a change, as in diff and git. */
const context = 3;

/** Beyond this number of changed lines, the smallest diff is not searched for, because the time grows with its square. */
const maxEditLength = 2000;

/** The unified diff of one file, or an empty text when nothing changes. Only a line feed ends a line. */
export function unifiedDiff({ path, before, after, executable, placeholder }: FileChange): string {
  const changesMode = executable !== undefined && executable.before !== executable.after;
  if (before === after && !changesMode) return "";
  const name = path.replace(/^\/+|^(?:\.\/+)+/, "");
  const names = { from: before === undefined ? "/dev/null" : `a/${name}`, to: `b/${name}` };
  const patch = structuredPatch(names.from, names.to, before ?? "", after, undefined, undefined, { context, maxEditLength });
  const found = patch?.hunks ?? [wholesale(linesOf(before ?? ""), linesOf(after))];
  const hunks = placeholder === undefined ? found : found.flatMap((hunk) => aroundPlaceholders(hunk, placeholder));
  // Modes need git's headers, which patch understands too.
  const modes = changesMode ? { isGit: true, isCreate: before === undefined, oldMode: modeOf(executable.before), newMode: modeOf(executable.after) } : {};
  const headers = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };
  const diff = formatPatch({ oldFileName: names.from, newFileName: names.to, oldHeader: undefined, newHeader: undefined, hunks, ...modes }, headers);
  const [head = "", ...body] = diff.split(/^(?=@@)/m);
  return [head.replaceAll(/^(?:---|\+\+\+) .*$/gm, ended), ...body].join("");
}

/** The two modes that git knows. */
function modeOf(executable: boolean): string {
  return executable ? "100755" : "100644";
}

/** Adds a tab after a name with spaces; without it, patch reads only the first word. */
function ended(header: string): string {
  return / .* /.test(header) && !header.endsWith('"') ? `${header}\t` : header;
}

/** One hunk from the first difference to the last. */
function wholesale(before: readonly string[], after: readonly string[]): StructuredPatchHunk {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const start = Math.max(0, head - context);
  const end = Math.max(0, tail - context);
  const signed = (sign: string, lines: readonly string[]) => lines.flatMap((line) => (line.endsWith("\n") ? [sign + line.slice(0, -1)] : [sign + line, "\\ No newline at end of file"]));
  return {
    oldStart: start + 1,
    oldLines: before.length - end - start,
    newStart: start + 1,
    newLines: after.length - end - start,
    lines: [
      ...signed(" ", before.slice(start, head)),
      ...signed("-", before.slice(head, before.length - tail)),
      ...signed("+", after.slice(head, after.length - tail)),
      ...signed(" ", before.slice(before.length - tail, before.length - end)),
    ],
  };
}

/** The lines with their line ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
