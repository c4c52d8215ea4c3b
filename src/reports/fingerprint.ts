/** Fingerprints, by which other programs recognise a finding in the next run. */
import type { Diagnostic } from "../core/problems/diagnostic.ts";

/** The marked part of the line. */
export function markedText({ source = "", column, length }: Diagnostic): string {
  return Array.from(source).slice(column - 1, column - 1 + length).join("");
}

/** Returns a function for the fingerprints of one report. They do not change when lines or list entries above change, and are unique per file and code. */
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
