// @ts-check
/** The runs' results as tables of the contract's rows and the servers, and their places in docs/matrix.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { servers } from "../servers.js";

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const page = path("docs/matrix.md");

/**
 * @typedef {object} Part a part of the contract that has a table of its own
 * @property {string | undefined} section of docs/contract.md; undefined for its beginning
 * @property {string} begin what stands before the table
 * @property {string} end and behind it
 */

/** What every server does. @type {Part} */
export const web = { section: undefined, begin: "<!-- matrix, written by npm run matrix -->\n", end: "<!-- end of matrix -->" };

/** The mail ports through a proxy. @type {Part} */
export const mailPorts = { section: "Mail ports", begin: "<!-- mail ports, written by npm run matrix -->\n", end: "<!-- end of mail ports -->" };

/** What vitest's JSON reporter writes, as far as it is read here. */
/** @typedef {{ readonly testResults: readonly { readonly assertionResults: readonly { readonly ancestorTitles: readonly string[], readonly title: string, readonly status: string }[] }[] }} Report */
/** @typedef {{ passed: number, run: number }} Count */

/** The rows of the contract, by the names that docs/contract.md has for them. @param {Part} part */
function contractRows({ section }) {
  const sections = readFileSync(path("docs/contract.md"), "utf8").split("\n## ");
  const table = (section === undefined ? sections[0] : sections.find((text) => text.startsWith(`${section}\n`))) ?? "";
  return [...table.matchAll(/^\| ([a-zA-Z ]+) \| /gm)].map(([, name = ""]) => name);
}

/**
 * Counts tests by row: every test stands somewhere below a `describe` that is called by one.
 *
 * @param {Part} part
 * @param {string} file of vitest's JSON reporter
 * @returns {Map<string, Count>}
 */
export function countRows(part, file) {
  const rows = contractRows(part);
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
 * @param {Part} part
 * @param {readonly string[]} columns targets, or what else was run
 * @param {ReadonlyMap<string, ReadonlyMap<string, Count>>} results by column
 */
export function tableOf(part, columns, results) {
  const cell = (/** @type {string} */ column, /** @type {string} */ row) => {
    const { passed, run } = results.get(column)?.get(row) ?? { passed: 0, run: 0 };
    return `${passed} of ${run}`;
  };
  return [
    `| | ${columns.map((column) => servers[column]?.title ?? column).join(" | ")} |`,
    `|---|${columns.map(() => "---:|").join("")}`,
    ...contractRows(part).map((row) => `| ${row} | ${columns.map((column) => cell(column, row)).join(" | ")} |`),
  ].join("\n");
}

/** @param {Part} part @param {string} table */
function withTable({ begin, end }, table) {
  const text = readFileSync(page, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("docs/matrix.md has lost the place of its table");
  return { text, wanted: `${before}${begin}\n${table}\n\n${end}${after}` };
}

/** @param {Part} part @param {string} table */
export function isShown(part, table) {
  const { text, wanted } = withTable(part, table);
  return text === wanted;
}

/** @param {Part} part @param {string} table */
export function show(part, table) {
  writeFileSync(page, withTable(part, table).wanted);
}
