// @ts-check
/**
 * Speed on the wire: `node bench/wire/run.js [nginx] [apache] [haproxy] [caddy] [traefik] [current]`. Requests per second
 * and their 99th percentile over TLS through the generated configuration and, in turn with it, through one with just the
 * directives of the guide's snippet, on the same server with the same upstream and certificate; then of both at once, for
 * their ratio. Prints the table of docs/performance.md, and whether each reach is met.
 *
 * The servers are the distribution's. `current` takes current programs in place of those that there are of; a server that
 * is in no distribution is always current.
 *
 * Each configuration has namespaces of its own, as the tests on the wire have. One core makes the load and is the
 * upstream; the server has the next. Needs root. Exit status: 0 everything is reached, 1 something is
 * not, 2 wrong usage, 3 something is missing or failed.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bringCurrent } from "../../test/current-servers.js";
import { servers } from "../../test/servers.js";
import { spawnInNamespaces, targets, whatIsMissing } from "../../test/wire/namespaces.js";
import { bundle } from "./bundle.js";
import { judge, loads, tableOf } from "./report.js";

/** @typedef {import("./report.js").Line} Line */
/** @typedef {import("./world.ts").Task} Task */
/** @typedef {import("./world.ts").Sample} Sample */
/** @typedef {import("../../test/current-servers.js").Current} Current */
/** @typedef {Awaited<ReturnType<typeof openWorld>>} World A configuration that serves. */

/** The servers are started anew for each, because the memory that they happen to get matters. */
const rounds = 7;
const seconds = 2;
const warmUp = 1;

/** @type {Record<string, string>} What makes the load and is the upstream, with the Debian package that brings each. */
const programs = { wrk: "wrk", ab: "apache2-utils", taskset: "util-linux", nginx: "nginx" };

/** Children that are to end with this process. @type {Set<{ kill(signal: "SIGKILL"): void }>} */
const living = new Set();
const endAll = () => {
  for (const child of living) child.kill("SIGKILL");
};
process.once("exit", endAll);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(3));

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const allCurrent = given.includes("current");
  const wanted = given.filter((argument) => argument !== "current");
  const unknown = wanted.filter((argument) => !targets.includes(argument));
  if (unknown.length > 0) {
    console.error(`unknown target: ${unknown.join(", ")}; there are ${targets.join(", ")}`);
    return 2;
  }
  const all = targets.filter((target) => wanted.length === 0 || wanted.includes(target));
  const current = bringCurrent(all.filter((target) => allCurrent || servers[target]?.package === undefined));
  for (const sentence of current.missing) console.error(sentence);
  const chosen = all.filter((target) => current.programs.has(target) || (!allCurrent && servers[target]?.package !== undefined));
  const missing = whatIsMissing(chosen, programs);
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const scratch = mkdtempSync(join(tmpdir(), "mailcow-proxy-bench-"));
  try {
    const lines = await measure(chosen, current.programs, scratch);
    console.log(`\n${tableOf(lines)}\n`);
    const verdicts = judge(lines);
    for (const { reached, sentence } of verdicts) console.log(`${reached ? "reached" : "missed "}  ${sentence}`);
    return verdicts.every(({ reached }) => reached) ? 0 : 1;
  } catch (error) {
    console.error(error);
    return 3;
  } finally {
    endAll();
    rmSync(scratch, { recursive: true });
  }
}

/**
 * @param {readonly string[]} chosen
 * @param {ReadonlyMap<string, Current>} current in place of the distribution's
 * @param {string} scratch a folder
 * @returns {Promise<Line[]>}
 */
async function measure(chosen, current, scratch) {
  const program = join(scratch, "world.mjs");
  await bundle(fileURLToPath(new URL("world.ts", import.meta.url)), program);
  const certificate = makeCertificate(scratch);
  /** @type {Line[]} */
  const lines = [];
  for (const target of ["alone", ...chosen]) {
    /** @type {Task["configuration"][]} */
    const configurations = target === "alone" ? ["alone"] : ["guide", "generated"];
    /** @type {Map<string, Line["rounds"]>} */
    const measured = new Map([...loads.keys()].map((load) => [load, []]));
    for (let round = 0; round < rounds; round++) {
      const worlds = await Promise.all(configurations.map((configuration) => {
        const logs = mkdtempSync(join(scratch, "logs-"));
        return openWorld(program, target, { configuration, logs, ...certificate }, current.get(target));
      }));
      for (const [load, samples] of measured) samples.push(await sample(worlds, load));
      await Promise.all(worlds.map((world) => world.close()));
    }
    for (const [load, samples] of measured) lines.push({ load, target, version: current.get(target)?.version, rounds: samples });
    console.log(`measured  ${target}`);
  }
  return lines;
}

/**
 * @param {readonly World[]} worlds
 * @param {string} load
 * @returns {Promise<Line["rounds"][number]>}
 */
async function sample(worlds, load) {
  /** @type {Sample[]} */
  const alone = [];
  for (const world of worlds) {
    await world.ask({ load, seconds: warmUp });
    alone.push(await world.ask({ load, seconds }));
  }
  // A machine can be twice as fast from one minute to the next: only what runs at the same time compares.
  const together = worlds.length > 1 ? await Promise.all(worlds.map((world) => world.ask({ load, seconds }))) : [];
  return { alone, together };
}

/** @param {string} folder */
function makeCertificate(folder) {
  const [file, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const { status, stderr } = spawnSync("openssl", [
    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mail.example.org", "-keyout", keyFile, "-out", file,
  ], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return { certificate: readFileSync(file, "utf8"), key: readFileSync(keyFile, "utf8") };
}

/**
 * Starts a configuration and waits until it serves.
 * @param {string} program
 * @param {string} target
 * @param {Omit<Task, "folder">} task
 * @param {Current | undefined} current
 */
async function openWorld(program, target, task, current) {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const child = spawnInNamespaces([process.execPath, program, JSON.stringify({ ...task, folder })], {
    target: target === "alone" ? "nginx" : target,
    ...(current === undefined ? {} : { program: current.program, env: { WIRE_VERSION: current.version } }),
  });
  living.add(child);
  const ended = new Promise((done) => child.once("close", done)).then(() => living.delete(child));
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the ${task.configuration} configuration of ${target} ended`);
    return value;
  };
  await next();
  return {
    /** @param {import("./world.ts").Question} question @returns {Promise<Sample>} */
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return JSON.parse(await next());
    },
    async close() {
      child.stdin.end();
      await ended;
      rmSync(task.logs, { recursive: true });
    },
  };
}
