// @ts-check
/**
 * Proves the section *Mail ports* of docs/contract.md: `node test/mail/run.js [nginx] [haproxy] [traefik] [debian-12] [debian-13]
 * [--matrix] [-- vitest options]`. debian-12 stands for this machine's own programs, debian-13 for those of a root file system of it.
 *
 * Each proxy gets one vitest run on each platform, in network, mount and process namespaces of its own. Needs root. A run of
 * everything compares docs/matrix.md with what it counted, or with --matrix writes it. Exit status: 0 all passed, 1 a run failed or
 * docs/matrix.md shows another table, 2 wrong usage, 3 something is missing.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bringCurrent } from "../current-servers.js";
import { sayNotTried } from "../not-tried.js";
import { servers } from "../servers.js";
import { tell } from "../slowest-files.js";
import { countRows, isShown, mailPorts, show, tableOf } from "../wire/matrix.js";
import { spawnInNamespaces, whatIsMissing } from "../wire/namespaces.js";
import { platform, platformRoot } from "../wire/platform-root.js";

const own = "debian-12";
const platforms = [own, platform];

/** Those that can pass a connection on as it is. */
const proxies = ["nginx", "haproxy", "traefik"];

/** @type {Record<string, { program: string, package: string }>} */
const systems = JSON.parse(readFileSync(new URL("../systems.json", import.meta.url), "utf8"));

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const end = given.indexOf("--");
  const wanted = end < 0 ? given : given.slice(0, end);
  const forVitest = end < 0 ? [] : given.slice(end + 1);
  const unknown = wanted.filter((argument) => ![...proxies, ...platforms, "--matrix"].includes(argument));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(", ")}; there are ${[...proxies, ...platforms].join(", ")}`);
    return 2;
  }
  const chosen = someOf(proxies, wanted);
  const missing = whatIsMissing(chosen, { ...Object.fromEntries(Object.values(systems).map((one) => [one.program, one.package])), "/usr/lib/nginx/modules/ngx_stream_module.so": "libnginx-mod-stream" });
  if (missing.length > 0) {
    for (const line of missing) console.error(`missing: ${line}`);
    return 3;
  }
  const current = bringCurrent(chosen.filter((proxy) => servers[proxy]?.package === undefined));
  const notTried = current.missing.map((sentence) => `The mail ports: ${sentence}`);
  const results = mkdtempSync(join(tmpdir(), "mailcow-proxy-mail-"));
  try {
    const tried = chosen.filter((proxy) => servers[proxy]?.package !== undefined || current.programs.has(proxy));
    const statuses = [];
    /** @type {string[]} */
    const labels = [];
    for (const where of someOf(platforms, wanted)) {
      const root = where === own ? undefined : await platformRoot();
      if (where !== own && root === undefined) {
        notTried.push(`The mail ports were not tried on ${platform}: no root file system of it can be made here. To try them, let debootstrap reach a mirror of Debian. Then run this again.`);
        continue;
      }
      const runs = tried.map((proxy) => ({ proxy, label: `${servers[proxy]?.title ?? proxy}, ${where}`, program: current.programs.get(proxy)?.program }));
      labels.push(...runs.map(({ label }) => label));
      statuses.push(...(await Promise.all(runs.map((run) => runOne({ ...run, root, results, forVitest })))));
    }
    tell(readdirSync(results).flatMap((label) => filesOf(label, join(results, label))));
    const table = tableOf(mailPorts, labels, new Map(labels.map((label) => [label, countRows(mailPorts, join(results, label))])));
    console.log(`\n${table}\n`);
    if (statuses.some((status) => status !== 0)) return 1;
    if (forVitest.length > 0 || wanted.some((argument) => argument !== "--matrix")) return 0;
    if (labels.length === proxies.length * platforms.length) return compare(table, wanted.includes("--matrix"));
    notTried.push("The table of the mail ports in docs/matrix.md was not compared, since a part of it is missing.");
    return 0;
  } finally {
    rmSync(results, { recursive: true });
    sayNotTried(notTried);
  }
}

/** @param {readonly string[]} all @param {readonly string[]} wanted @returns {readonly string[]} those that are named, or all where none is */
function someOf(all, wanted) {
  const named = all.filter((one) => wanted.includes(one));
  return named.length > 0 ? named : all;
}

/**
 * @param {string} table
 * @param {boolean} write
 * @returns {number} the exit status
 */
function compare(table, write) {
  if (write) show(mailPorts, table);
  if (isShown(mailPorts, table)) return 0;
  console.error("docs/matrix.md shows another table of the mail ports: run npm run matrix");
  return 1;
}

/**
 * @param {string} label
 * @param {string} file of vitest's JSON reporter
 * @returns {import("../slowest-files.js").Row[]}
 */
function filesOf(label, file) {
  /** @type {{ testResults: { name: string, startTime: number, endTime: number, assertionResults: unknown[] }[] }} */
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  return testResults.map(({ name, startTime, endTime, assertionResults }) => ({ file: `test/mail/${basename(name)} (${label})`, tests: assertionResults.length, seconds: (endTime - startTime) / 1000 }));
}

/**
 * @typedef {object} Run
 * @property {string} proxy
 * @property {string} label
 * @property {string | undefined} program the proxy's, where the distribution has none
 * @property {string | undefined} root the root file system, in place of the machine's
 * @property {string} results the folder for the results
 * @property {readonly string[]} forVitest
 */

/**
 * @param {Run} run
 * @returns {Promise<number>} the exit status
 */
function runOne({ proxy, label, program, root, results, forVitest }) {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  const [node, home, out] = root === undefined ? [process.execPath, project, results] : ["/node", "/project", "/results"];
  const child = spawnInNamespaces(
    [node, join(home, "node_modules/vitest/vitest.mjs"), "run", "--config", join(home, "test/mail/vitest.config.ts"), "--reporter=default", "--reporter=json", `--outputFile.json=${join(out, label)}`, ...forVitest],
    {
      target: proxy,
      ...(program === undefined ? {} : { program }),
      ...(root === undefined ? {} : { env: { WIRE_PLATFORM: platform }, root: { "/": root, "/node": process.execPath, "/project": project, "/results": results } }),
    },
  );
  child.stdin.end();
  // SIGKILL reaches the whole namespace through --kill-child.
  const stop = () => child.kill("SIGKILL");
  process.once("SIGINT", stop).once("SIGTERM", stop);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      // The file is ours, and gone in the end.
      if (!line.startsWith("JSON report written")) console.log(`${label.padEnd(18)} | ${line}`);
    });
  }
  return new Promise((done) => {
    child.on("close", (status) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      done(status ?? 1);
    });
  });
}
