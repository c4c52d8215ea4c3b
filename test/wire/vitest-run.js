// @ts-check
/** One run of vitest in namespaces of its own, for the suites that need real servers: their command lines, output and results. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { spawnInNamespaces } from "./namespaces.js";
import { platform } from "./platform-root.js";

/**
 * The arguments of a suite, and behind `--` those for vitest.
 * @param {readonly string[]} given
 */
export function parted(given) {
  const end = given.indexOf("--");
  return end < 0 ? { own: given, forVitest: [] } : { own: given.slice(0, end), forVitest: given.slice(end + 1) };
}

/**
 * @typedef {object} Run
 * @property {string} suite its folder below test
 * @property {string} label stands before each line, and is the name of the file with the results
 * @property {number} width of the label
 * @property {string} results the folder for the results
 * @property {readonly string[]} forVitest
 * @property {string | undefined} root the root file system of `platform`, in place of the machine's
 * @property {Parameters<typeof spawnInNamespaces>[1]} namespaces without a root of its own
 */

/**
 * @param {Run} run
 * @returns {Promise<number>} the exit status
 */
export function runVitest({ suite, label, width, results, forVitest, root, namespaces }) {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const [node, home, out] = root === undefined ? [process.execPath, project, results] : ["/node", "/project", "/results"];
  const child = spawnInNamespaces(
    [node, join(home, "node_modules/vitest/vitest.mjs"), "run", "--config", join(home, `test/${suite}/vitest.config.ts`), "--reporter=default", "--reporter=json", `--outputFile.json=${join(out, label)}`, ...forVitest],
    {
      ...namespaces,
      env: { ...namespaces.env, ...(root === undefined ? {} : { WIRE_PLATFORM: platform }) },
      ...(root === undefined ? {} : { root: { "/": root, "/node": process.execPath, "/project": project, "/results": results } }),
    },
  );
  child.stdin.end();
  // SIGKILL reaches the whole namespace through --kill-child.
  const stop = () => child.kill("SIGKILL");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      // The file is ours, and gone in the end.
      if (!line.startsWith("JSON report written")) console.log(`${label.padEnd(width)} | ${line}`);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done(status ?? 1);
    });
  });
}

/**
 * What took how long in a run.
 * @param {string} suite
 * @param {string} label
 * @param {string} results
 * @returns {import("../slowest-files.js").Row[]}
 */
export function filesOf(suite, label, results) {
  /** @type {{ testResults: { name: string, startTime: number, endTime: number, assertionResults: unknown[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(join(results, label), "utf8"));
  return testResults.map(({ name, startTime, endTime, assertionResults }) => ({ file: `test/${suite}/${basename(name)} (${label})`, tests: assertionResults.length, seconds: (endTime - startTime) / 1000 }));
}
