// @ts-check
/**
 * Proves docs/contract.md against the real servers: `node test/wire/run.js [nginx] [apache] [haproxy] [debian-13] [--long]
 * [--matrix] [-- vitest options]`. A run of everything compares docs/matrix.md with what it counted, or with --matrix
 * writes it, and goes on in a root file system of debian-13; a part of it does that when debian-13 is named.
 *
 * Each server gets one vitest run in network, mount and process namespaces of its own, so that the unmodified output,
 * with its ports and paths, can be loaded without touching the machine. Needs root. Exit status: 0 all passed, 1 a
 * run failed or docs/matrix.md shows another matrix, 2 wrong usage, 3 something is missing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { countRows, isShown, show, tableOf } from "./matrix.js";
import { onPath, spawnInNamespaces, targets, whatIsMissing } from "./namespaces.js";

/** Runs at the same time. Each waits for time-outs more than half of its time, so that two cores are enough for three. */
const atOnce = 3;

/** The platform beside the machine's own, and its release. */
const [platform, release] = ["debian-13", "trixie"];

/** The addresses the descriptions use, all from the ranges for documentation and private networks. */
const addresses = [
  ...[10, 11, 80].map((host) => `192.0.2.${host}`),
  ...[7, 8, 20, 99].map((host) => `198.51.100.${host}`),
  ...[10, 66, 77].map((host) => `203.0.113.${host}`),
  "10.0.0.5", "10.9.8.7", "172.16.5.5", "192.168.7.7",
  ...["10", "11", "66", "a:7", "c:77"].map((host) => `2001:db8::${host}`),
  "fd00::7",
];

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const end = given.indexOf("--");
  const own = end < 0 ? given : given.slice(0, end);
  const forVitest = end < 0 ? [] : given.slice(end + 1);
  const long = own.includes("--long");
  const wanted = own.filter((argument) => !["--long", "--matrix", platform].includes(argument));
  const unknown = wanted.filter((argument) => !targets.includes(argument));
  if (unknown.length > 0) {
    console.error(`unknown target: ${unknown.join(", ")}; there are ${targets.join(", ")}`);
    return 2;
  }
  const queue = targets.filter((target) => wanted.length === 0 || wanted.includes(target));
  const missing = whatIsMissing(queue, { curl: "curl" });
  if (onPath("curl") && !/^Features:.*\bHTTP2\b/m.test(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout)) {
    missing.push("HTTP/2 in curl: apt-get install curl, and see that this one comes first in PATH");
  }
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const results = mkdtempSync(join(tmpdir(), "mailcow-proxy-wire-"));
  try {
    const options = { long, results, forVitest };
    const failed = await runAll(queue, options);
    const table = tableOf(queue, new Map(queue.map((target) => [target, countRows(join(results, target))])));
    console.log(`\n${table}\n`);
    const elsewhere = long || forVitest.length > 0 && !own.includes(platform) ? 0 : await runOnPlatform(queue, options);
    if (failed > 0 || elsewhere > 0) return 1;
    // A part of the run, or a longer one, counts other checks.
    return long || forVitest.length > 0 || queue.length < targets.length ? 0 : matrix(table, own.includes("--matrix"));
  } finally {
    rmSync(results, { recursive: true });
  }
}

/** @typedef {{ readonly long: boolean, readonly results: string, readonly root?: string, readonly forVitest: readonly string[] }} RunOptions */

/**
 * @param {readonly string[]} wanted targets
 * @param {RunOptions} options
 * @returns {Promise<number>} how many of the runs failed
 */
async function runAll(wanted, options) {
  const queue = [...wanted];
  let failed = 0;
  const worker = async () => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      if ((await runTarget(target, options)) !== 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  return failed;
}

/**
 * The same on another release of the distribution, in a root file system of its own.
 * @param {readonly string[]} wanted targets
 * @param {RunOptions} options
 * @returns {Promise<number>} how many of the runs failed
 */
async function runOnPlatform(wanted, options) {
  const made = spawnSync(fileURLToPath(new URL("debian-root.sh", import.meta.url)), [release], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (made.status !== 0) {
    console.error(`NOT RUN on ${platform}: no root file system of it can be had here, see above.`);
    return 0;
  }
  return runAll(wanted, { ...options, root: made.stdout.trim() });
}

/**
 * @param {string} table
 * @param {boolean} write
 * @returns {number} the exit status
 */
function matrix(table, write) {
  if (write) show(table);
  if (isShown(table)) return 0;
  console.error("docs/matrix.md shows another matrix: run npm run matrix");
  return 1;
}

/**
 * @param {string} target
 * @param {object} options
 * @param {boolean} options.long
 * @param {string} options.results the folder for the results
 * @param {string} [options.root] a root file system with the servers of `platform`, in place of the machine's
 * @param {readonly string[]} options.forVitest
 * @returns {Promise<number>} the exit status
 */
function runTarget(target, { long, results, root, forVitest }) {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const label = root === undefined ? target : `${target} on ${platform}`;
  const [node, home, out] = root === undefined ? [process.execPath, project, results] : ["/node", "/project", "/results"];
  const child = spawnInNamespaces([
    node, join(home, "node_modules/vitest/vitest.mjs"), "run", "--config", join(home, "test/wire/vitest.config.ts"),
    "--reporter=default", "--reporter=json", `--outputFile.json=${join(out, label)}`, ...forVitest,
  ], {
    target,
    addresses,
    env: { ...(long ? { WIRE_LONG: "1" } : {}), ...(root === undefined ? {} : { WIRE_PLATFORM: platform }) },
    ...(root === undefined ? {} : { root: { "/": root, "/node": process.execPath, "/project": project, "/results": results } }),
  });
  child.stdin.end();
  // SIGKILL reaches the whole namespace through --kill-child.
  const stop = () => child.kill("SIGKILL");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      // The file is ours, and gone in the end.
      if (!line.startsWith("JSON report written")) console.log(`${label.padEnd(root === undefined ? 7 : 20)} | ${line}`);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done(status ?? 1);
    });
  });
}
