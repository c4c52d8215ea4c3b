// @ts-check
/**
 * What hostile input costs: the built program on each shape of test/hostile-shapes.js, in a process of its own, with its
 * time from start to end and its peak of memory. Prints the dearest of each command, and all that miss 2 s or 300 MiB;
 * with --all, every one. Exit status 0: all within them; 1: some are not.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { confs, shapes, tooLargeConfs } from "../test/hostile-shapes.js";

/** Seconds and MiB within which there is an answer. */
const limit = { seconds: 2, peak: 300 };
/** Rows of each command. */
const dearest = 5;
/** Milliseconds after which a run is given up. */
const patience = 60_000;

/** @typedef {{ readonly command: string, readonly shape: string, readonly seconds: number, readonly peak: number, readonly answer: string }} Run */

const program = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-bench-"));
const probe = join(folder, "probe.mjs");

/** @param {string} command with DESCRIPTION and FILE in the places of the two files @param {string} shape @returns {Run} */
function run(command, shape) {
  const args = command.split(" ").map((word) => word.replace("DESCRIPTION", "a.yaml").replace("FILE", "mailcow.conf"));
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [`--import=${probe}`, program, ...args], { cwd: folder, encoding: "utf8", timeout: patience, maxBuffer: 1024 ** 3 });
  const seconds = (performance.now() - began) / 1000;
  const peak = Number(/\n?peak (\d+)$/.exec(stderr)?.[1] ?? Number.NaN) / 1024;
  const [, code = ""] = /\[([a-z0-9-]+)\]$/m.exec(stderr) ?? /"code": ?"([a-z0-9-]+)"|"ruleId": ?"([a-z0-9-]+)"|title=([a-z0-9-]+)/.exec(stdout) ?? [];
  return { command, shape, seconds, peak, answer: status === null ? "none" : `${status} ${code}`.trim() };
}

/** @param {Run} one */
const misses = ({ seconds, peak, answer }) => !(seconds <= limit.seconds && peak <= limit.peak) || !/^[01]\b|^3$/.test(answer);

/** How near it comes to one of the limits. @param {Run} one */
const cost = ({ seconds, peak }) => Math.max(seconds / limit.seconds, peak / limit.peak);

/** @param {string} command @param {readonly Run[]} runs */
function show(command, runs) {
  const sorted = runs.toSorted((left, right) => cost(right) - cost(left));
  const shown = process.argv.includes("--all") ? sorted : sorted.filter((one, index) => index < dearest || misses(one));
  console.log(`\n\`${command}\`, ${runs.length} shapes:\n\n| | seconds | peak resident | answer |\n|---|---:|---:|---|`);
  for (const one of shown) console.log(`| ${one.shape}${misses(one) ? " **(missed)**" : ""} | ${one.seconds.toFixed(2)} | ${one.peak.toFixed(0)} MiB | ${one.answer} |`);
}

const ofDescriptions = ["generate DESCRIPTION", "generate DESCRIPTION -o out", "validate --format json DESCRIPTION", "validate --format sarif DESCRIPTION", "validate --format github DESCRIPTION", "validate --format gitlab DESCRIPTION"];
const ofConfs = ["merge small.yaml --into FILE", "merge small.yaml --into FILE --diff", "merge small.yaml --into FILE --write", "init --from FILE -o -"];

try {
  writeFileSync(probe, 'process.on("exit", () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}`));\n');
  writeFileSync(join(folder, "small.yaml"), "hostname: mail.example.org\nmail_domains: [example.org]\n");
  /** @type {Run[]} */
  const runs = [];
  for (const { name, description } of shapes) {
    writeFileSync(join(folder, "a.yaml"), description());
    for (const command of ofDescriptions) {
      rmSync(join(folder, "out"), { recursive: true, force: true });
      mkdirSync(join(folder, "out"));
      runs.push(run(command, name));
    }
  }
  for (const { name, conf } of [...confs, ...tooLargeConfs]) {
    for (const command of ofConfs) {
      writeFileSync(join(folder, "mailcow.conf"), conf());
      runs.push(run(command, name));
    }
  }
  for (const command of [...ofDescriptions, ...ofConfs]) show(command, runs.filter((one) => one.command === command));
  const missed = runs.filter(misses).length;
  console.log(`\n${runs.length} runs, ${missed === 0 ? "all" : `${runs.length - missed}`} within ${limit.seconds} s and ${limit.peak} MiB.`);
  process.exitCode = missed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
