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
import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { countRows, isShown, show, tableOf } from "./matrix.js";

const targets = ["nginx", "apache", "haproxy"];
/** Runs at the same time. Each waits for time-outs more than half of its time, so that two cores are enough for three. */
const atOnce = 3;

const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** The addresses the descriptions use, all from the ranges for documentation and private networks. */
const addresses = [
  ...[10, 11, 80].map((host) => `192.0.2.${host}`),
  ...[7, 8, 20, 99].map((host) => `198.51.100.${host}`),
  ...[10, 66, 77].map((host) => `203.0.113.${host}`),
  "10.0.0.5", "10.9.8.7", "172.16.5.5", "192.168.7.7",
  ...["10", "11", "66", "a:7", "c:77"].map((host) => `2001:db8::${host}`),
  "fd00::7",
];

/** @type {Record<string, string>} Programs the runs need, with the Debian package that brings each. */
const programs = {
  unshare: "util-linux", mount: "mount", ip: "iproute2", perl: "perl-base", openssl: "openssl", curl: "curl",
};
/** @type {Record<string, Record<string, string>>} */
const servers = { nginx: { nginx: "nginx" }, apache: { apache2: "apache2" }, haproxy: { haproxy: "haproxy" } };

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
  const missing = whatIsMissing(queue);
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
 * @param {readonly string[]} wanted
 * @returns {string[]} a line for each thing that is missing and what to do about it
 */
function whatIsMissing(wanted) {
  const missing = [];
  if (process.getuid?.() !== 0) missing.push("root, for namespaces and ports below 1024: run it with sudo");
  const needed = Object.assign({}, programs, ...wanted.map((target) => servers[target]));
  for (const [program, packageName] of Object.entries(needed)) {
    if (!onPath(program)) missing.push(`${program}: apt-get install ${packageName}`);
  }
  if (onPath("curl") && !/^Features:.*\bHTTP2\b/m.test(spawnSync("curl", ["--version"], { encoding: "utf8" }).stdout)) {
    missing.push("HTTP/2 in curl: apt-get install curl, and see that this one comes first in PATH");
  }
  if (missing.length === 0) {
    // Containers often forbid what the programs are there for.
    const probe = "mount -t tmpfs none /run && mkdir /run/upper /run/work && " +
      "mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc && ip link set lo up";
    const trial = spawnSync("unshare", [...namespaces, "sh", "-c", probe], { encoding: "utf8" });
    if (trial.status !== 0) missing.push(`the right to make namespaces and overlay mounts (${trial.stderr.trim()}): use a virtual machine or a privileged container`);
  }
  return missing;
}

/** @param {string} program */
function onPath(program) {
  return (process.env["PATH"] ?? "").split(delimiter).concat("/usr/sbin", "/sbin").some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * @param {string} target
 * @param {boolean} long
 * @param {string} results the file for the results
 * @param {readonly string[]} forVitest
 * @returns {Promise<number>} the exit status
 */
function runTarget(target, long, results, forVitest) {
  const network = ["ip link set lo up", ...addresses.map((address) =>
    address.includes(":") ? `ip -6 addr add ${address}/128 dev lo nodad` : `ip addr add ${address}/32 dev lo`)];
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const script = `${network.join(" && ")} && exec "$@"`;
  const child = spawn("unshare", [
    ...namespaces, "sh", "-c", script, "sh",
    process.execPath, vitest, "run", "--config", join(folder, "vitest.config.ts"),
    "--reporter=default", "--reporter=json", `--outputFile.json=${results}`, ...forVitest,
  ], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: `${process.env["PATH"] ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`,
      WIRE_TARGET: target,
      // The world refuses to mount anything while it is still in this namespace.
      WIRE_OUTSIDE: readlinkSync("/proc/self/ns/mnt"),
      ...(long ? { WIRE_LONG: "1" } : {}),
    },
  });
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
