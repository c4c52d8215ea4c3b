// @ts-check
/**
 * What it costs to start: `generate` of one description for all four targets, as an installed program, beside bare Node
 * in the same run. Prints the table of docs/performance.md.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const runs = 41;
const project = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-bench-"));

/** @param {string} command @param {string[]} args @param {Record<string, string>} [env] */
function run(command, args, env = {}) {
  const began = performance.now();
  const { status, stderr } = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: "utf8" });
  const milliseconds = performance.now() - began;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return { milliseconds, stderr };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

try {
  run("npm", ["pack", "--silent", "--pack-destination", folder, project]);
  run("sh", ["-c", `npm install --silent --no-audit --no-fund --offline --prefix "$1" "$1"/*.tgz`, "sh", folder]);
  const program = join(folder, "node_modules/.bin/mailcow-proxy");
  const commands = [
    { name: "`node -e 0`", command: process.execPath, args: ["-e", "0"] },
    { name: "`mailcow-proxy generate`, four targets", command: program, args: ["generate", join(project, "examples/minimal.yaml")] },
  ];
  /** @type {number[][]} */
  const times = commands.map(() => []);
  for (let round = 0; round < runs; round++) {
    for (const [index, { command, args }] of commands.entries()) times[index]?.push(run(command, args).milliseconds);
  }
  const peak = join(folder, "peak.mjs");
  writeFileSync(peak, 'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)));\n');
  const [bare = Number.NaN] = times.map(median);
  console.log(`Median of ${runs} runs each, in turn.\n`);
  console.log("| | wall time | of bare Node | resident |\n|---|---:|---:|---:|");
  for (const [index, { name, command, args }] of commands.entries()) {
    const time = median(times[index] ?? []);
    const kibibytes = Number(run(command, args, { NODE_OPTIONS: `--import=${peak}` }).stderr);
    console.log(`| ${name} | ${time.toFixed(0)} ms | ${(time / bare).toFixed(2)} | ${(kibibytes / 1024).toFixed(0)} MiB |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
