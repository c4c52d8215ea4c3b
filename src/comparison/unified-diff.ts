/** The difference between two texts, as `patch -p1` and `git apply` take it. */
import { type StructuredPatchHunk, formatPatch, structuredPatch } from "diff";
import { aroundPlaceholders } from "./placeholder.ts";

export interface FileChange {
  /** The file's name in the diff; a leading `/` is left out, as git does. */
  readonly path: string;
  /** Undefined where there is no file yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether its owner may run it, before (false where there is no file yet) and after. */
  readonly executable?: { readonly before: boolean; readonly after: boolean };
  /** Stands in lines of both texts for what is not shown; such lines are left out of the context where they can be. */
  readonly placeholder?: string;
}

/** Unchanged lines around a change, as diff and git have it. */
const context = 3;

/** The time to find the smallest difference grows with the square of the changed lines; beyond this it is not looked for. */
const maxEditLength = 2000;

/** The unified diff of one file, or nothing when nothing changes. Only a line feed ends a line. */
export function unifiedDiff({ path, before, after, executable, placeholder }: FileChange): string {
  const changesMode = executable !== undefined && executable.before !== executable.after;
  if (before === after && !changesMode) return "";
  const name = path.replace(/^\/+|^(?:\.\/+)+/, "");
  const names = { from: before === undefined ? "/dev/null" : `a/${name}`, to: `b/${name}` };
  const patch = structuredPatch(names.from, names.to, before ?? "", after, undefined, undefined, { context, maxEditLength });
  const found = patch?.hunks ?? [wholesale(linesOf(before ?? ""), linesOf(after))];
  const hunks = placeholder === undefined ? found : found.flatMap((hunk) => aroundPlaceholders(hunk, placeholder));
  // Only git's own headers have a place for modes; patch takes them too.
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

/** A name with spaces ends at a tab, or patch takes its first word. */
function ended(header: string): string {
  return / .* /.test(header) && !header.endsWith('"') ? `${header}\t` : header;
}

/** All from the first difference to the last in one hunk. */
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

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
