/** Keeps lines with placeholders out of the context of a diff, because patch and git apply would not find them in the file. */
import type { StructuredPatchHunk } from "diff";

/** A line of a hunk, with the "no newline" mark that may follow it. */
interface Row {
  readonly changed: boolean;
  readonly lines: readonly string[];
  /** The number of lines in the old and in the new text: 0 or 1. */
  readonly old: number;
  readonly new: number;
}

interface Piece {
  readonly rows: readonly Row[];
  readonly oldStart: number;
  readonly newStart: number;
  /** Whether it was cut at a placeholder before or after it. */
  readonly cut: { readonly before: boolean; readonly after: boolean };
}

/**
 * Splits the hunk at unchanged lines with the placeholder. If such a line is next to a change, the hunk is returned as it
 * is.
 */
export function aroundPlaceholders(hunk: StructuredPatchHunk, placeholder: string): StructuredPatchHunk[] {
  const rows = rowsOf(hunk.lines);
  const standsFor = ({ lines }: Row) => lines.some((line) => line.includes(placeholder));
  if (!rows.some(standsFor)) return [hunk];
  const pieces = piecesOf(rows, hunk, standsFor).filter((piece) => piece.rows.some(({ changed }) => changed));
  return pieces.some(isBare) || rows.some((row) => row.changed && standsFor(row)) ? [hunk] : pieces.map(balanced);
}

/** Whether a change has no context on a side where the hunk was cut, so that patch could not find its place. Lines added at the end need none. */
function isBare({ rows, cut }: Piece): boolean {
  const appends = !cut.after && rows.every((row) => row.old === 0);
  return (cut.before && rows[0]?.changed === true && !appends) || (cut.after && rows.at(-1)?.changed === true);
}

function rowsOf(lines: readonly string[]): Row[] {
  return lines.flatMap((line, index): Row[] => {
    if (line.startsWith("\\")) return [];
    const mark = lines[index + 1];
    const own = mark?.startsWith("\\") === true ? [line, mark] : [line];
    return [{ changed: !line.startsWith(" "), lines: own, old: line.startsWith("+") ? 0 : 1, new: line.startsWith("-") ? 0 : 1 }];
  });
}

function piecesOf(rows: readonly Row[], { oldStart, newStart }: StructuredPatchHunk, cutsAt: (row: Row) => boolean): Piece[] {
  const cuts = rows.flatMap((row, index) => (cutsAt(row) && !row.changed ? [index] : []));
  return [-1, ...cuts].map((cut, index) => {
    const next = cuts[index];
    const before = rows.slice(0, cut + 1);
    return {
      rows: rows.slice(cut + 1, next),
      oldStart: oldStart + sum(before.map((row) => row.old)),
      newStart: newStart + sum(before.map((row) => row.new)),
      cut: { before: cut >= 0, after: next !== undefined },
    };
  });
}

/** Makes the context before and after the changes equally long. Otherwise patch assumes that the hunk is at the beginning or the end of the file. */
function balanced({ rows, oldStart, newStart, cut }: Piece): StructuredPatchHunk {
  const before = rows.findIndex(({ changed }) => changed);
  const after = rows.length - 1 - rows.findLastIndex(({ changed }) => changed);
  const dropped = cut.after ? Math.max(0, before - after) : 0;
  const kept = rows.slice(dropped, rows.length - (cut.before ? Math.max(0, after - before) : 0));
  return {
    oldStart: oldStart + dropped,
    oldLines: sum(kept.map((row) => row.old)),
    newStart: newStart + dropped,
    newLines: sum(kept.map((row) => row.new)),
    lines: kept.flatMap(({ lines }) => lines),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
