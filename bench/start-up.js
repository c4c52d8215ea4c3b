// @ts-check
/**
 * What it costs to start: `generate` of one description for its four targets, as an installed program, beside bare Node
 * in the same run: with what the package has for the Node that built it, and with every other Node at its first run,
 * when it finds nothing kept, and from the second run on. Prints the tables that are in docs/performance.md.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bringNodes, installPacked, project } from "../test/packed/nodes.js";
import { userFolder } from "../test/user-folder.js";

const runs = 41;
const { nodes, missing } = bringNodes();
const folder = mkdtempSync(join(userFolder(), "bench-"));

/** @param {string} node @param {string[]} args @param {Record<string, string>} [env] */
function run(node, args, env = {}) {
  const began = performance.now();
  const { status, stderr } = spawnSync(node, args, { env: { ...process.env, NODE_OPTIONS: "", NODE_DISABLE_COMPILE_CACHE: "", ...env }, encoding: "utf8" });
  const milliseconds = performance.now() - began;
  if (status !== 0) throw new Error(`${node} ${args.join(" ")}: ${stderr}`);
  return { milliseconds, stderr };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

/** @param {string[][]} rows the first one is the head; what is in the first column is text, and the rest are figures */
function show(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) => `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const [head = [], ...others] = rows;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  console.log([line(head), rule, ...others.map(line)].join("\n"));
}

try {
  const program = installPacked(folder);
  const generate = [program, "generate", join(project, "examples/minimal.yaml")];
  const peak = join(folder, "peak.mjs");
  writeFileSync(peak, 'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)));\n');
  const rows = [["Node", "bare", "first run", "from the second", "first, of bare", "second, of bare", "resident"]];
  for (const { version, program: node } of [{ version: process.versions.node, program: process.execPath }, ...nodes]) {
    const isBuilder = node === process.execPath;
    const kept = join(folder, version);
    const home = (/** @type {string} */ name) => {
      mkdirSync(join(kept, name), { recursive: true, mode: 0o700 });
      return { XDG_CACHE_HOME: join(kept, name) };
    };
    run(node, generate, home("second"));
    /** @type {{ bare: number[], first: number[], second: number[] }} */
    const times = { bare: [], first: [], second: [] };
    for (let round = 0; round < runs; round++) {
      times.bare.push(run(node, ["-e", "0"]).milliseconds);
      if (!isBuilder) times.first.push(run(node, generate, home(`first-${round}`)).milliseconds);
      times.second.push(run(node, generate, home("second")).milliseconds);
    }
    const [bare, first, second] = [median(times.bare), median(times.first), median(times.second)];
    const kibibytes = Number(run(node, generate, { ...home("second"), NODE_OPTIONS: `--import=${peak}` }).stderr);
    const shown = (/** @type {number} */ time, /** @type {number} */ digits, unit = "") => (Number.isNaN(time) ? "" : `${time.toFixed(digits)}${unit}`);
    rows.push([isBuilder ? `${version}, which built it` : version, shown(bare, 0, " ms"), shown(first, 0, " ms"), shown(second, 0, " ms"), shown(first / bare, 2), shown(second / bare, 2), shown(kibibytes / 1024, 0, " MiB")]);
  }
  console.log(`Median of ${runs} runs each, in turn: \`node -e 0\` and \`mailcow-proxy generate\`, four targets.\n`);
  show(rows);
  for (const line of missing) console.log(`\nNot tried: ${line}`);
} finally {
  rmSync(folder, { recursive: true });
}
