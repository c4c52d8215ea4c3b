// @ts-check
/**
 * Fails when the built page is larger than its budget. `npm run build` makes it. Sizes are those of `gzip -9`, in units of
 * 1000 bytes. The page fetches all of its parts by itself; what is asked for first is what the reader waits for.
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const folder = new URL("../../dist/web/", import.meta.url);

/** The first view; what changes a description and what a description asks for; and everything behind the first view. */
const budget = { start: 140, description: 30, behind: 120 };

const { default: usual } = JSON.parse(readFileSync(new URL("../../schemas/description.schema.json", import.meta.url), "utf8")).properties.targets;

const names = readdirSync(fileURLToPath(folder));
const page = readFileSync(new URL("index.html", folder), "utf8");
const size = (/** @type {string} */ name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;
const scripts = names.filter((name) => name.endsWith(".js"));
const entry = scripts.find((name) => page.includes(`src="${name}"`));
if (entry === undefined) throw new Error("index.html has no script");

const atOnce = reached(entry);
const later = scripts.filter((name) => !atOnce.has(name));
tell("to start", ["index.html", ...names.filter((name) => name.endsWith(".css")), ...atOnce], budget.start);
const servers = later.map((name) => /^(.*)-[\w-]{8}\.js$/.exec(name)?.[1] ?? "").filter((name) => readdirSync(fileURLToPath(new URL("../../src/targets", import.meta.url))).includes(name) && name !== "mailcow-conf");
for (const targets of [[usual[0]], ...servers.map((server) => [server]), usual]) tell(`for a description with ${[...new Set([...targets, "mailcow-conf"])].join(", ")}`, partsFor(["editing", ...targets, "mailcow-conf"]), budget.description);
tell("behind the first view in all", later, budget.behind);
console.log(`${size("mailcow-proxy.html").toFixed(1).padStart(6)} KB        all in one file: mailcow-proxy.html`);

/** The scripts of parts, without those that are there at the start. @param {readonly string[]} parts */
function partsFor(parts) {
  return [...new Set(parts.filter((part) => part !== usual[0]).flatMap((part) => [...reached(scriptOf(part), atOnce)]))];
}

/** @param {string} part */
function scriptOf(part) {
  const script = scripts.find((candidate) => candidate.replace(/-[\w-]{8}\.js$/, "") === part);
  if (script === undefined) throw new Error(`there is no script ${part}`);
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
