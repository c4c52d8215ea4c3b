// @ts-check
/**
 * How many held requests each server takes: `node bench/holds.js [nginx] [apache] [haproxy] [caddy]`. A phone that waits for mail
 * with ActiveSync holds one for up to an hour. Prints the table of docs/performance.md. Needs root. Exit status: 0 done,
 * 2 wrong usage, 3 something is missing or failed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { spawnInNamespaces, targets, whatIsMissing } from "../test/wire/namespaces.js";
import { bundle } from "./wire/bundle.js";

/** @typedef {import("./wire/holds.ts").HoldTask} HoldTask */
/** @typedef {import("./wire/holds.ts").Held} Held */

/** @param {number} workers */
const workers = (workers) => `ThreadLimit ${workers}\nThreadsPerChild ${workers}\nMaxRequestWorkers ${workers}\n`;

/** @type {readonly { readonly target: string, readonly title: string, readonly settings: string }[]} */
const configurations = [
  { target: "nginx", title: "nginx", settings: "" },
  { target: "apache", title: "Apache", settings: "" },
  { target: "apache", title: "Apache with 500 workers", settings: workers(500) },
  { target: "apache", title: "Apache with 1200 workers", settings: workers(1200) },
  { target: "haproxy", title: "HAProxy", settings: "" },
  { target: "caddy", title: "Caddy", settings: "" },
];

/** @type {readonly HoldTask["protocol"][]} */
const protocols = ["http/1.1", "h2"];

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} wanted */
async function main(wanted) {
  const unknown = wanted.filter((argument) => !targets.includes(argument));
  if (unknown.length > 0) {
    console.error(`unknown target: ${unknown.join(", ")}; there are ${targets.join(", ")}`);
    return 2;
  }
  const chosen = configurations.filter(({ target }) => wanted.length === 0 || wanted.includes(target));
  const missing = whatIsMissing(targets.filter((target) => chosen.some((one) => one.target === target)), {});
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const scratch = mkdtempSync(join(tmpdir(), "mailcow-proxy-holds-"));
  try {
    const program = join(scratch, "holds.mjs");
    await bundle(fileURLToPath(new URL("wire/holds.ts", import.meta.url)), program);
    console.log("| | protocol | held | memory before | memory then | each |\n|---|---|---:|---:|---:|---:|");
    for (const { target, title, settings } of chosen) {
      for (const protocol of protocols) {
        const { held, memory: [before, then] } = await measure(program, target, { protocol, settings });
        console.log(`| ${title} | ${protocol === "h2" ? "HTTP/2" : "HTTP/1.1"} | ${held} | ${mebibytes(before)} | ${mebibytes(then)} | ${held === 0 ? "" : `${Math.round((then - before) / held)} KiB`} |`);
      }
    }
    return 0;
  } catch (error) {
    console.error(error);
    return 3;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** @param {number} kibibytes */
function mebibytes(kibibytes) {
  return `${Math.round(kibibytes / 1024)} MiB`;
}

/**
 * @param {string} program
 * @param {string} target
 * @param {HoldTask} task
 * @returns {Promise<Held>}
 */
async function measure(program, target, task) {
  // Each held request is four sockets, two of them in the process that makes them.
  const child = spawnInNamespaces(["sh", "-c", 'ulimit -n 8192 && exec "$@"', "sh", process.execPath, program, JSON.stringify(task)], { target, addresses: ["192.0.2.10", "2001:db8::10", "203.0.113.10"] });
  child.stdin.end();
  child.stderr.pipe(process.stderr);
  const stop = () => child.kill("SIGKILL");
  process.once("exit", stop);
  try {
    return JSON.parse(await text(child.stdout));
  } finally {
    process.off("exit", stop);
  }
}
