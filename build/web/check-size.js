// @ts-check
/**
 * Fails when the built page is larger than its budget. `npm run build` makes it. Sizes are those of `gzip -9`, in units of
 * 1000 bytes.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const folder = new URL("../../dist/web/", import.meta.url);

/** What the first view needs, and each part that comes after it. */
const budget = { start: 140, later: 30 };

const names = readdirSync(fileURLToPath(folder));
const page = readFileSync(new URL("index.html", folder), "utf8");
const size = (/** @type {string} */ name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;
const scripts = names.filter((name) => name.endsWith(".js"));
const entry = scripts.find((name) => page.includes(`"${name}"`));
if (entry === undefined) throw new Error("index.html has no script");

const atOnce = reached(entry);
const start = ["index.html", ...names.filter((name) => name.endsWith(".css")), ...atOnce];
const parts = scripts.filter((name) => !atOnce.has(name));
const total = start.reduce((sum, name) => sum + size(name), 0);
tell(`to start: ${start.join(", ")}`, total, budget.start);
for (const name of parts) tell(`later: ${name}`, size(name), budget.later);
console.log(`${size("mailcow-proxy.html").toFixed(1).padStart(6)} KB  all in one file: mailcow-proxy.html`);

/** @param {string} what @param {number} kilobytes @param {number} most */
function tell(what, kilobytes, most) {
  console.log(`${kilobytes.toFixed(1).padStart(6)} KB of ${most}  ${what}`);
  if (kilobytes <= most) return;
  console.error("The page is larger than its budget: see docs/performance.md.");
  process.exitCode = 1;
}

/** A script and those that it imports with it. @param {string} first @returns {Set<string>} */
function reached(first) {
  const found = new Set([first]);
  for (const name of found) for (const [, imported = ""] of readFileSync(new URL(name, folder), "utf8").matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g)) found.add(imported);
  return found;
}
