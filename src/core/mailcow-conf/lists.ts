/** Lists in mailcow.conf: the entries that a description needs. */
import { isDiscoveryLabel } from "../site/discovery.ts";
import { toNameEntry, wildcardCovers } from "../description/name-entry.ts";
import { type Network, isBroadcast, isHost, parseNetwork, toAddressOrCidr, trustsEveryone } from "../network.ts";
import type { Site } from "../site/site.ts";

/** The entries that a key needs, and which other entries belong to the description. */
export interface ListDecision {
  readonly kind: "list";
  /** Entries that are added if they are missing. */
  readonly entries: readonly string[];
  /** The description's key for these entries. */
  readonly option: string;
  /** The canonical spelling of an entry, or undefined when a description cannot contain it. */
  readonly spelled: (entry: string) => string | undefined;
  /** Whether the description has an entry, given in its canonical spelling. */
  readonly has: (entry: string) => boolean;
  /** Entries that follow from another key. When the file has that key without them, they are not added. */
  readonly implied?: { readonly key: string; readonly entries: ReadonlySet<string> };
  /** The wildcard that makes an entry redundant; the entry is given in its canonical spelling. */
  readonly coveredBy?: (entry: string) => string | undefined;
}

export function serverNameList({ hostname, additionalServerNames }: Site): ListDecision {
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry || entry.kind === "wildcard" ? undefined : entry.text;
  };
  return { kind: "list", entries: additionalServerNames, option: "additional_server_names", spelled, has: isIn([hostname, ...additionalServerNames]) };
}

export function trustedProxyList({ proxy: { mailcowTrusts }, mail }: Site): ListDecision {
  const has = isIn(mailcowTrusts);
  // With mail ports, each proxy is a single host.
  const isTooWide = (network: Network) => mail !== undefined && !isHost(network);
  const spelled = (text: string) => {
    const network = parseNetwork(text);
    if (network === undefined || trustsEveryone(network) || isBroadcast(network)) return undefined;
    const entry = toAddressOrCidr(network);
    return isTooWide(network) && !has(entry) ? undefined : entry;
  };
  return { kind: "list", entries: mailcowTrusts, option: "proxy.addresses", spelled, has };
}

/** The names for the certificate, in addition to those that acme-mailcow orders by itself. */
export function certificateNameList({ names, discovery, additionalServerNames, certificateNames, otherSites, proxy }: Site): ListDecision {
  const wildcards = certificateNames.flatMap((text) => (text.startsWith("*.") ? [text.slice(2)] : []));
  // Let's Encrypt refuses an order with a wildcard and a name that it covers.
  const covering = (text: string) => (text.startsWith("*.") ? undefined : wildcards.find((domain) => wildcardCovers(domain, text)));
  // acme-mailcow orders autodiscover.* and the like by itself, for domains that have these names.
  const isOrdered = (text: string) => covering(text) !== undefined || (text.endsWith(".*") && isDiscoveryLabel(text.slice(0, -2)));
  // If TLS ends before the proxy, no client sees a certificate of mailcow's with them.
  const sites = proxy.tlsBefore ? [] : otherSites;
  const wanted = [...new Set([...certificateNames, ...additionalServerNames, ...sites])].filter((text) => !isOrdered(text));
  const served = new Set([...wanted, ...certificateNames, ...otherSites, ...names.exact, ...[...names.prefixes, ...discovery].map((label) => `${label}.*`)]);
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry ? undefined : entry.text;
  };
  const has = (text: string) => served.has(text) || names.prefixes.some((prefix) => text.startsWith(`${prefix}.`));
  const coveredBy = (text: string) => {
    const domain = covering(text);
    return domain === undefined ? undefined : `*.${domain}`;
  };
  const own = new Set([...certificateNames, ...otherSites]);
  const implied = { key: "ADDITIONAL_SERVER_NAMES", entries: new Set(wanted.filter((text) => !own.has(text))) };
  return { kind: "list", entries: wanted, option: "certificate_names", spelled, has, implied, coveredBy };
}

function isIn(entries: readonly string[]): (entry: string) => boolean {
  const all = new Set(entries);
  return (entry) => all.has(entry);
}
