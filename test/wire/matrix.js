// @ts-check
/** The runs' results as a table of the contract's rows and the servers, and its place in docs/matrix.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { servers } from "../servers.js";

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const page = path("docs/matrix.md");
const [begin, end] = ["<!-- matrix, written by npm run matrix -->\n", "<!-- end of matrix -->"];

/** What vitest's JSON reporter writes, as far as it is read here. */
/** @typedef {{ readonly testResults: readonly { readonly assertionResults: readonly { readonly ancestorTitles: readonly string[], readonly title: string, readonly status: string }[] }[] }} Report */
/** @typedef {{ passed: number, run: number }} Count */

/** The rows of the contract, by the names that docs/contract.md has for them. */
function contractRows() {
  const [table = ""] = readFileSync(path("docs/contract.md"), "utf8").split("\n## ");
  return [...table.matchAll(/^\| ([a-zA-Z ]+) \| /gm)].map(([, name = ""]) => name);
}

/**
 * Counts tests by row: every test stands somewhere below a `describe` that is called by one.
 *
 * @param {string} file of vitest's JSON reporter
 * @returns {Map<string, Count>}
 */
export function countRows(file) {
  const rows = contractRows();
  const counts = new Map(rows.map((row) => [row, { passed: 0, run: 0 }]));
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, "utf8"));
  for (const { ancestorTitles, title, status } of report.testResults.flatMap(({ assertionResults }) => assertionResults)) {
    // Left out by a filter of the command line.
    if (status === "skipped" || status === "pending") continue;
    const count = counts.get(ancestorTitles.findLast((ancestor) => rows.includes(ancestor)) ?? "");
    if (count === undefined) throw new Error(`${[...ancestorTitles, title].join(" > ")} belongs to no row of docs/contract.md`);
    count.run++;
    if (status === "passed") count.passed++;
  }
  return counts;
}

/**
 * @param {readonly string[]} targets
 * @param {ReadonlyMap<string, ReadonlyMap<string, Count>>} results by target
 */
export function tableOf(targets, results) {
  const cell = (/** @type {string} */ target, /** @type {string} */ row) => {
    const { passed, run } = results.get(target)?.get(row) ?? { passed: 0, run: 0 };
    return `${passed} of ${run}`;
  };
  return [
    `| | ${targets.map((target) => servers[target]?.title ?? target).join(" | ")} |`,
    `|---|${targets.map(() => "---:|").join("")}`,
    ...contractRows().map((row) => `| ${row} | ${targets.map((target) => cell(target, row)).join(" | ")} |`),
  ].join("\n");
}

/** @param {string} table */
function withTable(table) {
  const text = readFileSync(page, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("docs/matrix.md has lost the place of its table");
  return { text, wanted: `${before}${begin}\n${table}\n\n${end}${after}` };
}

/** @param {string} table */
export function isShown(table) {
  const { text, wanted } = withTable(table);
  return text === wanted;
}

/** @param {string} table */
export function show(table) {
  writeFileSync(page, withTable(table).wanted);
}
