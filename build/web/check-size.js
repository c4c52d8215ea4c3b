// @ts-check
/**
 * Fails when the built page is larger than its budget. `npm run build` makes it. Sizes are those of `gzip -9`, in units of
 * 1000 bytes.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const folder = new URL("../../dist/web/", import.meta.url);

/** What the first view needs, the further targets, and what is for editing, mailcow.conf, differences and archives. */
const budget = { start: 140, targets: 80, tools: 30 };

const names = readdirSync(fileURLToPath(folder));
const page = readFileSync(new URL("index.html", folder), "utf8");
const size = (/** @type {string} */ name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;
const scripts = names.filter((name) => name.endsWith(".js"));
const entry = scripts.find((name) => page.includes(`"${name}"`));
if (entry === undefined) throw new Error("index.html has no script");

const atOnce = reached(entry);
const targets = reached(part("all-targets"), atOnce);
const tools = reached(part("tools"), atOnce);
tell("to start", ["index.html", ...names.filter((name) => name.endsWith(".css")), ...atOnce], budget.start);
tell("the further targets, after the first view", [...targets], budget.targets);
// A script that both need counts here.
tell("tools, after the first view", [...tools], budget.tools);
console.log(`${size("mailcow-proxy.html").toFixed(1).padStart(6)} KB        all in one file: mailcow-proxy.html`);

/** @param {string} name */
function part(name) {
  const script = scripts.find((candidate) => candidate.startsWith(`${name}-`));
  if (script === undefined) throw new Error(`there is no script ${name}`);
  return script;
}

/** @param {string} what @param {readonly string[]} files @param {number} most */
function tell(what, files, most) {
  const kilobytes = files.reduce((sum, name) => sum + size(name), 0);
  console.log(`${kilobytes.toFixed(1).padStart(6)} KB of ${String(most).padStart(3)} ${what}: ${files.join(", ")}`);
  if (kilobytes <= most) return;
  console.error("The page is larger than its budget: see docs/performance.md.");
  process.exitCode = 1;
}

/** A script and those that it imports with it. @param {string} first @param {ReadonlySet<string>} [without] @returns {Set<string>} */
function reached(first, without = new Set()) {
  const found = new Set([first]);
  for (const name of found) for (const [, imported = ""] of readFileSync(new URL(name, folder), "utf8").matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+)["'`]/g)) if (!without.has(imported)) found.add(imported);
  return found;
}
