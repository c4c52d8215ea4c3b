// @ts-check
/** The failed tests of a long run, to be said once more at its end, where they are found. */
import { stripVTControlCharacters } from "node:util";

/** How many lines of what went wrong are kept below the name of a failed test. */
const kept = 6;
/** The most lines of a part. */
const most = 80;

/**
 * Takes the lines that vitest prints, of several runs among each other. Each run has its own beginning of a line.
 */
export function failedTests() {
  /** @type {string[]} */
  const lines = [];
  /** @type {Map<string, number>} The lines that still belong to a failed test, by run. */
  const left = new Map();
  return {
    lines,
    /** @param {string} line */
    take(line) {
      const plain = stripVTControlCharacters(line);
      const [, run = "", text = ""] = /^((?:[^|]* \| )?)(.*)$/.exec(plain) ?? [];
      const begins = /^\s*FAIL\s/.test(text);
      const more = begins ? kept : (left.get(run) ?? 0) - 1;
      if (more < 0 || text.trim() === "") return;
      left.set(run, more);
      if (lines.length < most) lines.push(plain);
    },
  };
}
