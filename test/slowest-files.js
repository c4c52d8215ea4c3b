// @ts-check
/** The table of the slowest files that ends a run of tests. */
import { appendFileSync, readFileSync } from "node:fs";

/** Rows of the table. */
const most = 12;

/** @typedef {{ readonly file: string, readonly tests: number, readonly seconds: number }} Row */

/**
 * Prints it, or leaves that to the run that this one is a part of: test/all.js names a file for the rows.
 * @param {readonly Row[]} rows
 */
export function tell(rows) {
  const collected = process.env["SLOWEST_FILES"];
  if (collected === undefined) console.log(table(rows));
  else appendFileSync(collected, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** @param {string} collected the file @returns {Row[]} */
export function told(collected) {
  return readFileSync(collected, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** @param {readonly Row[]} rows */
export function table(rows) {
  const cells = rows
    .toSorted((left, right) => right.seconds - left.seconds)
    .slice(0, most)
    .map(({ seconds, tests, file }) => [seconds.toFixed(1), String(tests), file]);
  const lines = aligned([["seconds", "tests", "file"], ...cells]);
  return `\nThe slowest files:\n${lines.join("\n")}\n`;
}

/** Numbers to the right, the last column to the left. @param {readonly (readonly string[])[]} rows */
function aligned(rows) {
  const width = (/** @type {number} */ column) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(width(column)))).join("  "));
}
