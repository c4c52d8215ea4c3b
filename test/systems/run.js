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
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sayNotTried } from "../not-tried.js";
import { tell } from "../slowest-files.js";
import { spawnInNamespaces, whatIsMissing } from "../wire/namespaces.js";
import { platform, platformRoot } from "../wire/platform-root.js";

const own = "debian-12";

/** @type {Record<string, { program: string, package: string }>} */
const systems = JSON.parse(readFileSync(new URL("../systems.json", import.meta.url), "utf8"));

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const end = given.indexOf("--");
  const wanted = end < 0 ? given : given.slice(0, end);
  const forVitest = end < 0 ? [] : given.slice(end + 1);
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
    tell(readdirSync(results).flatMap((label) => filesOf(label, join(results, label))));
    return statuses.every((status) => status === 0) ? 0 : 1;
  } finally {
    rmSync(results, { recursive: true });
  }
}

/**
 * @param {string} label
 * @param {string} file of vitest's JSON reporter
 * @returns {import("../slowest-files.js").Row[]}
 */
function filesOf(label, file) {
  /** @type {{ testResults: { name: string, startTime: number, endTime: number, assertionResults: unknown[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  return testResults.map(({ name, startTime, endTime, assertionResults }) => ({ file: `test/systems/${basename(name)} (${label})`, tests: assertionResults.length, seconds: (endTime - startTime) / 1000 }));
}

/**
 * @param {string} label
 * @param {string | undefined} root the root file system, in place of the machine's
 * @param {string} results
 * @param {readonly string[]} forVitest
 * @returns {Promise<number>} the exit status
 */
function runOn(label, root, results, forVitest) {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const [node, home, out] = root === undefined ? [process.execPath, project, results] : ["/node", "/project", "/results"];
  const child = spawnInNamespaces(
    [node, join(home, "node_modules/vitest/vitest.mjs"), "run", "--config", join(home, "test/systems/vitest.config.ts"), "--reporter=default", "--reporter=json", `--outputFile.json=${join(out, label)}`, ...forVitest],
    { target: "systems", addresses: ["192.0.2.80"], ...(root === undefined ? {} : { env: { WIRE_PLATFORM: platform }, root: { "/": root, "/node": process.execPath, "/project": project, "/results": results } }) },
  );
  child.stdin.end();
  // SIGKILL reaches the whole namespace through --kill-child.
  const stop = () => child.kill("SIGKILL");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      if (!line.startsWith("JSON report written")) console.log(`${label} | ${line}`);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done(status ?? 1);
    });
  });
}
