// @ts-check
/**
 * Runs the output for the programs of mailcow's host with these programs: `node test/systems/run.js [debian-12] [debian-13]
 * [-- vitest options]`. debian-12 stands for this machine's own, debian-13 for a root file system of it.
 *
 * Each platform gets one vitest run in network, mount and process namespaces of its own. Needs root. Exit status: 0 all
 * passed, 1 a run failed, 2 wrong usage, 3 something is missing.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sayNotTried } from "../not-tried.js";
import { tell } from "../slowest-files.js";
import { whatIsMissing } from "../wire/namespaces.js";
import { platform, platformRoot } from "../wire/platform-root.js";
import { filesOf, parted, runVitest } from "../wire/vitest-run.js";

const own = "debian-12";

/** @type {Record<string, { program: string, package: string }>} */
const systems = JSON.parse(readFileSync(new URL("../systems.json", import.meta.url), "utf8"));

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const { own: wanted, forVitest } = parted(given);
  const unknown = wanted.filter((argument) => argument !== own && argument !== platform);
  if (unknown.length > 0) {
    console.error(`unknown platform: ${unknown.join(", ")}; there are ${own} and ${platform}`);
    return 2;
  }
  const missing = whatIsMissing([], Object.fromEntries(Object.values(systems).map((one) => [one.program, one.package])));
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const results = mkdtempSync(join(tmpdir(), "mailcow-proxy-systems-"));
  try {
    const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
    const statuses = [isWanted(own) ? await runOn(own, undefined, results, forVitest) : 0];
    const root = isWanted(platform) ? await platformRoot() : undefined;
    if (root === undefined && isWanted(platform)) sayNotTried([`The programs of mailcow's host were not tried on ${platform}: no root file system of it can be made here. To try them, let debootstrap reach a mirror of Debian. Then run this again.`]);
    if (root !== undefined) statuses.push(await runOn(platform, root, results, forVitest));
    tell(readdirSync(results).flatMap((label) => filesOf("systems", label, results)));
    return statuses.every((status) => status === 0) ? 0 : 1;
  } finally {
    rmSync(results, { recursive: true });
  }
}

/**
 * @param {string} label
 * @param {string | undefined} root the root file system, in place of the machine's
 * @param {string} results
 * @param {readonly string[]} forVitest
 * @returns {Promise<number>} the exit status
 */
function runOn(label, root, results, forVitest) {
  return runVitest({ suite: "systems", label, width: 0, results, forVitest, root, namespaces: { target: "systems", addresses: ["192.0.2.80"] } });
}
