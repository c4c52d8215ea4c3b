// @ts-check
/**
 * Proves docs/contract.md against the real servers: `node test/wire/run.js [nginx] [apache] [haproxy] [machine]
 * [debian-13] [current] [--long] [--matrix] [-- vitest options]`.
 *
 * `machine` has the server of this machine's distribution, `debian-13` the one in a root file system of that release, and
 * `current` a current program in the place of the distribution's; a server that is in no distribution has it in `machine`.
 * Without such a word all of them are run; with options for vitest, `machine` only. A run of everything compares
 * docs/matrix.md with what it counted, or with --matrix writes it.
 *
 * Each server gets one vitest run in network, mount and process namespaces of its own, so that the unmodified output,
 * with its ports and paths, can be loaded without touching the machine. Needs root. Exit status: 0 all passed, 1 a
 * run failed or docs/matrix.md shows another matrix, 2 wrong usage, 3 something is missing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { bringCurrent } from "../current-servers.js";
import { sayNotTried } from "../not-tried.js";
import { servers } from "../servers.js";
import { tell } from "../slowest-files.js";
import { countRows, isShown, show, tableOf, web } from "./matrix.js";
import { onPath, targets, whatIsMissing } from "./namespaces.js";
import { platform, platformRoot } from "./platform-root.js";
import { filesOf, parted, runVitest } from "./vitest-run.js";

/** Runs at the same time. Each waits for time-outs more than half of its time, and other suites run beside them. */
const atOnce = 2 * availableParallelism();

/** Where the servers are from. */
const places = ["machine", platform, "current"];

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
  const { own, forVitest } = parted(given);
  const long = own.includes("--long");
  const wanted = own.filter((argument) => !["--long", "--matrix", ...places].includes(argument));
  const unknown = wanted.filter((argument) => !targets.includes(argument));
  if (unknown.length > 0) {
    console.error(`unknown target: ${unknown.join(", ")}; there are ${targets.join(", ")}`);
    return 2;
  }
  const chosen = targets.filter((target) => wanted.length === 0 || wanted.includes(target));
  const missing = whatIsMissing(chosen, { curl: "curl" });
  if (onPath("curl") && !/^Features:.*\bHTTP2\b/m.test(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout)) {
    missing.push("HTTP/2 in curl: apt-get install curl, and see that this one comes first in PATH");
  }
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const named = places.filter((place) => own.includes(place));
  const at = named.length > 0 ? named : long || forVitest.length > 0 ? ["machine"] : places;
  const current = bringCurrent(chosen.filter((target) => at.includes(placeOfCurrent(target))));
  const notTried = [...current.missing];
  const results = mkdtempSync(join(tmpdir(), "mailcow-proxy-wire-"));
  try {
    const options = { long, results, forVitest };
    const queue = at.includes("machine") ? chosen.filter((target) => servers[target]?.package !== undefined || current.programs.has(target)) : [];
    // The root file system is made while the others run, the first time that it is needed.
    const elsewhere = at.includes(platform) ? rootOfPlatform(notTried) : undefined;
    const failed = await runAll([
      ...queue.map((target) => ({ target, ...options, ...(placeOfCurrent(target) === "machine" ? { current: current.programs.get(target) } : {}) })),
      ...chosen.flatMap((target) => (elsewhere === undefined || servers[target]?.package === undefined ? [] : [{ target, place: platform, ...options, root: elsewhere }])),
      ...chosen.flatMap((target) => (at.includes("current") && placeOfCurrent(target) === "current" && current.programs.has(target) ? [{ target, place: "current", ...options, current: current.programs.get(target) }] : [])),
    ]);
    tell(readdirSync(results).flatMap((label) => filesOf("wire", label, results)));
    const table = tableOf(web, queue, new Map(queue.map((target) => [target, countRows(web, join(results, target))])));
    if (queue.length > 0) console.log(`\n${table}\n`);
    if (failed > 0) return 1;
    // A part of the run, or a longer one, counts other checks.
    if (long || forVitest.length > 0 || chosen.length < targets.length || !at.includes("machine")) return 0;
    if (queue.length === targets.length) return matrix(table, own.includes("--matrix"));
    notTried.push("docs/matrix.md was not compared, since a server of it is missing.");
    return 0;
  } finally {
    rmSync(results, { recursive: true });
    sayNotTried(notTried);
  }
}

/** @param {string} target @returns {string} where its current program runs */
function placeOfCurrent(target) {
  return servers[target]?.package === undefined ? "machine" : "current";
}

/**
 * @typedef {object} Run
 * @property {string} target
 * @property {string} [place] where the server is from, if not from this machine
 * @property {boolean} long
 * @property {string} results the folder for the results
 * @property {Promise<string | undefined>} [root] a root file system with the servers of `platform`, in place of the machine's; undefined where there is none
 * @property {import("../current-servers.js").Current | undefined} [current] the program in place of the distribution's
 * @property {readonly string[]} forVitest
 */

/**
 * @param {readonly Run[]} runs
 * @returns {Promise<number>} how many of them failed
 */
async function runAll(runs) {
  const queue = [...runs];
  const stop = () => void queue.splice(0);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  let failed = 0;
  const worker = async () => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      const root = await run.root;
      if (run.root !== undefined && root === undefined) continue;
      if ((await runTarget(run, root)) !== 0) failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  return failed;
}

/**
 * @param {string[]} notTried gets a sentence if there is no root file system
 * @returns {Promise<string | undefined>} its path
 */
async function rootOfPlatform(notTried) {
  const root = await platformRoot();
  if (root === undefined) notTried.push(`The servers of ${platform} were not tried: no root file system of it can be made here. To try them, let debootstrap reach a mirror of Debian. Then run this again.`);
  return root;
}

/**
 * @param {string} table
 * @param {boolean} write
 * @returns {number} the exit status
 */
function matrix(table, write) {
  if (write) show(web, table);
  if (isShown(web, table)) return 0;
  console.error("docs/matrix.md shows another matrix: run npm run matrix");
  return 1;
}

/**
 * @param {Run} run
 * @param {string | undefined} root the root file system, in place of the machine's
 * @returns {Promise<number>} the exit status
 */
function runTarget({ target, place, long, results, forVitest, current }, root) {
  const label = place === undefined ? target : place === "current" ? `current ${target}` : `${target} on ${place}`;
  return runVitest({
    suite: "wire",
    label,
    width: 20,
    results,
    forVitest,
    root,
    namespaces: {
      target,
      addresses,
      env: { ...(long ? { WIRE_LONG: "1" } : {}), ...(place !== "current" || current === undefined ? {} : { WIRE_VERSION: current.version }) },
      ...(current === undefined ? {} : { program: current.program }),
    },
  });
}
