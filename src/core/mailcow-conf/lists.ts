/** Lists in mailcow.conf: reads them and compares them with the description. */
import { isDiscoveryLabel } from "../site/discovery.ts";
import { toNameEntry, wildcardCovers } from "../description/name-entry.ts";
import { isBroadcast, parseNetwork, toAddressOrCidr, trustsEveryone } from "../network.ts";
import type { Site } from "../site/site.ts";
import { readable } from "./bytes.ts";
import type { ConfProblem } from "./problem.ts";
import { openly } from "./secrets.ts";
import type { Statement } from "./statements.ts";

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

/** An entry of a list and its place. */
interface Entry {
  /** One character per byte, as it is written back. */
  readonly bytes: string;
  /** The entry decoded as UTF-8, for messages and checks. */
  readonly text: string;
  readonly place: ConfProblem["place"];
}

/** The entries. mailcow splits lists at commas, and acme-mailcow also at white space. A comment that docker compose reads as the value has no entries. */
export function entriesOf(statement: Statement | undefined): Entry[] {
  if (statement === undefined || statement.spelling === "comment") return [];
  return [...statement.value.matchAll(/[^,\s]+/g)].map(({ 0: bytes, index }) => {
    const offset = statement.valueStart + index;
    return { bytes, text: readable(bytes), place: { offset, end: offset + bytes.length } };
  });
}

export function serverNameList({ hostname, additionalServerNames }: Site): ListDecision {
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry || entry.kind === "wildcard" ? undefined : entry.text;
  };
  return { kind: "list", entries: additionalServerNames, option: "additional_server_names", spelled, has: isIn([hostname, ...additionalServerNames]) };
}

export function trustedProxyList({ proxy: { mailcowTrusts } }: Site): ListDecision {
  const spelled = (text: string) => {
    const network = parseNetwork(text);
    return network === undefined || trustsEveryone(network) || isBroadcast(network) ? undefined : toAddressOrCidr(network);
  };
  return { kind: "list", entries: mailcowTrusts, option: "proxy.addresses", spelled, has: isIn(mailcowTrusts) };
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

/**
 * The new value of a list: the entries that stay, then the missing ones. Undefined when nothing changes.
 *
 * @param statements all statements of the key; only the last one counts, and the lines of the others are removed
 */
export function listFor(decision: ListDecision, statements: readonly Statement[]): { readonly value: string | undefined; readonly removed: readonly Entry[] } {
  const isKept = ({ text }: Entry) => {
    const entry = decision.spelled(text);
    return entry !== undefined && decision.has(entry) && decision.coveredBy?.(entry) === undefined;
  };
  const removed = statements.flatMap(entriesOf).filter((entry) => !isKept(entry));
  const given = entriesOf(statements.at(-1));
  const kept = given.filter(isKept);
  const present = new Set(given.map(({ text }) => decision.spelled(text)));
  const missing = decision.entries.filter((entry) => !present.has(entry));
  if (missing.length === 0 && kept.length === given.length) return { value: undefined, removed };
  return { value: [...kept.map(({ bytes }) => bytes), ...missing].join(","), removed };
}

/** The decision without implied entries that the file does not have, and the entries that imply them. */
export function asked(decision: ListDecision, statements: readonly Statement[]): { readonly decision: ListDecision; readonly lacking: readonly Entry[] } {
  const { implied, spelled } = decision;
  if (implied === undefined) return { decision, lacking: [] };
  const last = (key: string) => entriesOf(statements.findLast((statement) => statement.key === key));
  const present = new Set(last("ADDITIONAL_SAN").map(({ text }) => spelled(text)));
  const lacking = last(implied.key).filter(({ text }) => {
    const entry = spelled(text);
    return entry !== undefined && implied.entries.has(entry) && !present.has(entry);
  });
  const left = new Set(lacking.map(({ text }) => spelled(text)));
  return { decision: { ...decision, entries: decision.entries.filter((entry) => !left.has(entry)) }, lacking };
}

/** Notes on names of the web interface that are not in the certificate. */
export function uncertified({ spelled }: ListDecision, lacking: readonly Entry[]): ConfProblem[] {
  return lacking.map(({ text, place }) => ({ code: "conf-certified", arguments: { name: spelled(text) ?? text }, place }));
}

/** Errors for entries that would be removed, with the key that would keep each. */
export function removalProblems(key: string, { option, spelled, coveredBy }: ListDecision, removed: readonly Entry[]): ConfProblem[] {
  return removed.map(({ text, place }) => {
    const entry = spelled(text);
    const wildcard = entry === undefined ? undefined : coveredBy?.(entry);
    return { code: "conf-removal", arguments: { key, value: openly(text), option, entry, wildcard }, place };
  });
}
