// @ts-check
/**
 * All tests, `npm test`: the unit tests, and when those pass, two rows at the same time: the slow unit tests, the page in
 * Chromium, the scripts of the output, the Ansible collection and the packed package on each Node, and the servers on the
 * wire with the programs of mailcow's host and the mail ports. Exit status:
 * 0 all passed, 1 some did not, 3 something is missing.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { failedTests } from "./failed-tests.js";
import { notTriedIn, sayNotTried } from "./not-tried.js";
import { table, told } from "./slowest-files.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** @typedef {{ readonly name: string, readonly args: readonly string[] }} Part */

/** @type {Part} */
const unit = { name: "unit", args: [vitest, "run"] };

/** @type {Part} */
const slow = { name: "slow", args: [vitest, "run", "--config", "test/slow.vitest.config.ts"] };

/** @type {readonly (readonly Part[])[]} Those of a row are one after the other. */
const rows = [
  [
    slow,
    { name: "web", args: [vitest, "run", "--config", "test/web/vitest.config.ts"] },
    { name: "scripts", args: [vitest, "run", "--config", "test/scripts/vitest.config.ts"] },
    { name: "ansible", args: [vitest, "run", "--config", "test/ansible/vitest.config.ts"] },
    { name: "packed", args: ["test/packed/run.js"] },
  ],
  [{ name: "wire", args: ["test/wire/run.js"] }, { name: "systems", args: ["test/systems/run.js"] }, { name: "mail", args: ["test/mail/run.js"] }],
];

let stopped = false;

process.exitCode = await main();

async function main() {
  const { status } = spawnSync(join(root, "test/servers.sh"), ["ansible", "systems", "chromium:chromium"], { stdio: "inherit" });
  if (status !== 0) return status ?? 1;
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-tests-"));
  try {
    const [slowest, notTried] = [join(folder, "slowest"), join(folder, "not-tried")];
    for (const file of [slowest, notTried]) writeFileSync(file, "");
    const collected = { SLOWEST_FILES: slowest, NOT_TRIED: notTried };
    const began = performance.now();
    const ended = [await run(unit, collected)];
    if (ended.every(({ status }) => status === 0)) ended.push(...(await Promise.all(rows.map((row) => inTurn(row, collected)))).flat());
    console.log(table(told(slowest)));
    for (const { name, seconds, status } of ended) console.log(`${name.padEnd(8)}${seconds.toFixed(0).padStart(5)} s  ${status === 0 ? "passed" : "failed"}`);
    console.log(`${"all".padEnd(8)}${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s`);
    sayNotTried(notTriedIn(notTried));
    for (const { name, failures } of ended) if (failures.length > 0) console.log(`\n${failures.map((line) => `${name.padEnd(7)} | ${line}`).join("\n")}`);
    return ended.every(({ status }) => status === 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {readonly Part[]} parts @param {Record<string, string>} collected */
async function inTurn(parts, collected) {
  const ended = [];
  for (const part of parts) if (!stopped) ended.push(await run(part, collected));
  return ended;
}

/**
 * Each line that it prints begins with its name.
 * @param {Part} part
 * @param {Record<string, string>} collected the environment that names files for what the end of all is to say
 * @returns {Promise<{ name: string, seconds: number, status: number, failures: readonly string[] }>}
 */
function run({ name, args }, collected) {
  const began = performance.now();
  const color = process.stdout.isTTY && process.env["NO_COLOR"] === undefined ? { FORCE_COLOR: "1" } : {};
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...color, ...collected } });
  const stop = () => {
    stopped = true;
    child.kill("SIGTERM");
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const failed = failedTests();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      console.log(`${name.padEnd(7)} | ${line}`);
      failed.take(line);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done({ name, seconds: (performance.now() - began) / 1000, status: status ?? 1, failures: failed.lines });
    });
  });
}
