// @ts-check
/**
 * Proves docs/contract.md against the real servers: `node test/wire/run.js [nginx] [apache] [haproxy] [--long]
 * [--matrix] [-- vitest options]`. A run of everything compares the README's matrix with what it counted; with --matrix
 * it writes it.
 *
 * Each server gets one vitest run in network, mount and process namespaces of its own, so that the unmodified output,
 * with its ports and paths, can be loaded without touching the machine. Needs root. Exit status: 0 all passed, 1 a
 * run failed or the README's matrix is another one, 2 wrong usage, 3 something is missing.
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
  const wanted = own.filter((argument) => argument !== "--long" && argument !== "--matrix");
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
  const running = [...queue];
  const results = mkdtempSync(join(tmpdir(), "mailcow-proxy-wire-"));
  let failed = 0;
  const worker = async () => {
    for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
      if ((await runTarget(target, long, join(results, target), forVitest)) !== 0) failed++;
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, running.length) }, worker));
    const table = tableOf(running, new Map(running.map((target) => [target, countRows(join(results, target))])));
    console.log(`\n${table}\n`);
    if (failed > 0) return 1;
    // A part of the run, or a longer one, counts other checks.
    return long || forVitest.length > 0 || running.length < targets.length ? 0 : matrix(table, own.includes("--matrix"));
  } finally {
    rmSync(results, { recursive: true });
  }
}

/**
 * @param {string} table
 * @param {boolean} write
 * @returns {number} the exit status
 */
function matrix(table, write) {
  if (write) show(table);
  if (isShown(table)) return 0;
  console.error("The README shows another matrix: run npm run matrix");
  return 1;
}

/**
 * @param {string} target
 * @param {boolean} long
 * @param {string} results the file for the results
 * @param {readonly string[]} forVitest
 * @returns {Promise<number>} the exit status
 */
function runTarget(target, long, results, forVitest) {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const child = spawnInNamespaces([
    process.execPath, vitest, "run", "--config", join(folder, "vitest.config.ts"),
    "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...forVitest,
  ], {
    target,
    addresses,
    env: long ? { WIRE_LONG: "1" } : {},
  });
  child.stdin.end();
  // SIGKILL reaches the whole namespace through --kill-child.
  const stop = () => child.kill("SIGKILL");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      // The file is ours, and gone in the end.
      if (!line.startsWith("JSON report written")) console.log(`${target.padEnd(7)} | ${line}`);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done(status ?? 1);
    });
  });
}
