// @ts-check
/**
 * Renews src/core/site/published-networks.json: reads the networks of each operator from its own site. Run by hand, then
 * review the difference; nothing else uses the network.
 */
import { readFile, writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import ipaddr from "ipaddr.js";

/** @typedef {{ source: string, read: string, networks: string[] }} Published */

const file = new URL("../src/core/site/published-networks.json", import.meta.url);

/** The pages with the networks, one network a line. */
const pages = { cloudflare: ["https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v6"] };

/**
 * The networks of a page, in its order. Whoever is in one of them can tell any client address, so nothing but a plain list
 * of networks is accepted.
 *
 * @param {string} text a page
 * @returns {string[]}
 * @throws {Error} on an empty page, and on a line that is not a canonical network of a size that an operator may have
 */
export function networksOf(text) {
  const lines = text.trim().split(/\r?\n/).map((line) => line.trim());
  for (const line of lines) if (!isOperators(line)) throw new Error(`this is not a network of an operator: ${line.slice(0, 80)}`);
  return lines;
}

/** @param {string} line */
function isOperators(line) {
  if (!/^[0-9a-f.:]+\/[0-9]{1,3}$/.test(line) || !ipaddr.isValidCIDR(line)) return false;
  const [address, prefix] = ipaddr.parseCIDR(line);
  const network = (address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(line);
  return line === `${network.toString()}/${prefix}` && address.range() === "unicast" && prefix >= (address.kind() === "ipv4" ? 12 : 24);
}

/** @param {string} page */
async function read(page) {
  const response = await fetch(page);
  if (!response.ok) throw new Error(`${page} answered ${response.status}`);
  return networksOf(await response.text());
}

async function renew() {
  /** @type {Record<string, Published>} */
  const published = JSON.parse(await readFile(file, "utf8"));
  for (const [name, sources] of Object.entries(pages)) {
    const networks = (await Promise.all(sources.map(read))).flat();
    published[name] = { source: sources.join(" and "), read: new Date().toISOString().slice(0, 10), networks };
  }
  await writeFile(file, `${JSON.stringify(published, undefined, 2)}\n`);
}

if (argv[1] === fileURLToPath(import.meta.url)) await renew();
