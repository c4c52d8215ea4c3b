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
import { join } from "node:path";
import { bringCurrent } from "../current-servers.js";
import { sayNotTried } from "../not-tried.js";
import { servers } from "../servers.js";
import { tell } from "../slowest-files.js";
import { countRows, isShown, mailPorts, show, tableOf } from "../wire/matrix.js";
import { whatIsMissing } from "../wire/namespaces.js";
import { platform, platformRoot } from "../wire/platform-root.js";
import { filesOf, parted, runVitest } from "../wire/vitest-run.js";

const own = "debian-12";
const platforms = [own, platform];

/** Those that can pass a connection on as it is. */
const proxies = ["nginx", "haproxy", "traefik"];

/** @type {Record<string, { program: string, package: string }>} */
const systems = JSON.parse(readFileSync(new URL("../systems.json", import.meta.url), "utf8"));

process.exitCode = await main(process.argv.slice(2));

/** @param {readonly string[]} given */
async function main(given) {
  const { own: wanted, forVitest } = parted(given);
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
      statuses.push(...(await Promise.all(runs.map(({ proxy, label, program }) => runVitest({ suite: "mail", label, width: 18, results, forVitest, root, namespaces: { target: proxy, ...(program === undefined ? {} : { program }) } })))));
    }
    tell(readdirSync(results).flatMap((label) => filesOf("mail", label, results)));
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
