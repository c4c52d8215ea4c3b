/** Keeps lines that stand for others out of a diff's context: patch and git apply would not find them in the file. */
import type { StructuredPatchHunk } from "diff";

/** A line of a hunk, with the mark behind a last line that has no end. */
interface Row {
  readonly changed: boolean;
  readonly lines: readonly string[];
  /** Lines it takes in the old and in the new text. */
  readonly old: number;
  readonly new: number;
}

interface Piece {
  readonly rows: readonly Row[];
  readonly oldStart: number;
  readonly newStart: number;
  /** Whether a placeholder stood before it, or behind. */
  readonly cut: { readonly before: boolean; readonly after: boolean };
}

/**
 * The hunk in pieces around the unchanged lines that have the placeholder in them, or as it is where such a line stands
 * directly beside a change.
 */
export function aroundPlaceholders(hunk: StructuredPatchHunk, placeholder: string): StructuredPatchHunk[] {
  const rows = rowsOf(hunk.lines);
  const standsFor = ({ lines }: Row) => lines.some((line) => line.includes(placeholder));
  if (!rows.some(standsFor)) return [hunk];
  const pieces = piecesOf(rows, hunk, standsFor).filter((piece) => piece.rows.some(({ changed }) => changed));
  return pieces.some(isBare) || rows.some((row) => row.changed && standsFor(row)) ? [hunk] : pieces.map(balanced);
}

/** A change without context on a side finds its place by nothing, unless it is lines at the end. */
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

/** patch takes a hunk with less context before its changes than behind them for the beginning of the file, and the reverse for its end. */
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
