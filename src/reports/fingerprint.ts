/** What other programs know a finding by from one run to the next. */
import type { Diagnostic } from "../core/problems/diagnostic.ts";

/** What the caret marks of the line. */
export function markedText({ source = "", column, length }: Diagnostic): string {
  return Array.from(source).slice(column - 1, column - 1 + length).join("");
}

/** Gives the fingerprints of one report: the same when lines and list entries above change, and apart from those of other findings with the code in the file. */
export function fingerprints(): (diagnostic: Diagnostic) => string {
  const seen = new Map<string, number>();
  return (diagnostic) => {
    const { code, file, pointer = "" } = diagnostic;
    const place = `${pointer.replaceAll(/\/\d+(?=\/|$)/g, "/*")} ${markedText(diagnostic).slice(0, 100)}`.trim();
    const key = JSON.stringify([file, code, place]);
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? place : `${place} ${count}`;
  };
}
