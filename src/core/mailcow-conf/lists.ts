/** mailcow.conf's lists: what is in one, what a description holds of it, and what it becomes. */
import { isDiscoveryLabel } from "../site/resolve.ts";
import { toNameEntry, wildcardCovers } from "../description/name-entry.ts";
import { isBroadcast, parseNetwork, toAddressOrCidr, trustsEveryone } from "../network.ts";
import type { Site } from "../site/site.ts";
import { readable } from "./bytes.ts";
import type { ConfProblem } from "./problem.ts";
import { openly } from "./secrets.ts";
import type { Statement } from "./statements.ts";

/** What a key's list has to have, and which other entries the description accounts for. */
export interface ListDecision {
  readonly kind: "list";
  /** Entries that it gets where it lacks them, in one spelling each. */
  readonly entries: readonly string[];
  /** The key of the description that holds the entries. */
  readonly option: string;
  /** The spelling that a description gives an entry, or undefined where it cannot hold it. */
  readonly spelled: (entry: string) => string | undefined;
  /** Whether the description has an entry, which is spelled so. */
  readonly has: (entry: string) => boolean;
  /** Entries that only follow from another key's: where the file has that without them, it stays so. */
  readonly implied?: { readonly key: string; readonly entries: ReadonlySet<string> };
  /** The entry that makes another one, which is spelled so, one too many. */
  readonly coveredBy?: (entry: string) => string | undefined;
}

/** An entry of a list and where it stands. */
interface Entry {
  /** One character a byte, as it is written back. */
  readonly bytes: string;
  /** The same for people and for what judges names. */
  readonly text: string;
  readonly place: ConfProblem["place"];
}

/** The entries: mailcow splits at commas, and acme-mailcow at white space too. docker compose reads a comment as a value, but it names nothing. */
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

export function trustedProxyList({ proxy: { addresses } }: Site): ListDecision {
  const spelled = (text: string) => {
    const network = parseNetwork(text);
    return network === undefined || trustsEveryone(network) || isBroadcast(network) ? undefined : toAddressOrCidr(network);
  };
  return { kind: "list", entries: addresses, option: "proxy.addresses", spelled, has: isIn(addresses) };
}

/** The names that acme-mailcow is to have certified beside those that it orders by itself. */
export function certificateNameList({ names, additionalServerNames, certificateNames }: Site): ListDecision {
  const wildcards = certificateNames.flatMap((text) => (text.startsWith("*.") ? [text.slice(2)] : []));
  // Let's Encrypt refuses an order that has a wildcard and a name that it covers.
  const covering = (text: string) => (text.startsWith("*.") ? undefined : wildcards.find((domain) => wildcardCovers(domain, text)));
  // acme-mailcow orders autodiscover.* and the like by itself, where a domain has them.
  const isOrdered = (text: string) => covering(text) !== undefined || (text.endsWith(".*") && isDiscoveryLabel(text.slice(0, -2)));
  const wanted = [...new Set([...certificateNames, ...additionalServerNames])].filter((text) => !isOrdered(text));
  const served = new Set([...wanted, ...names.exact, ...names.prefixes.map((prefix) => `${prefix}.*`)]);
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry ? undefined : entry.text;
  };
  const has = (text: string) => served.has(text) || names.prefixes.some((prefix) => text.startsWith(`${prefix}.`)) || (text.endsWith(".*") && isDiscoveryLabel(text.slice(0, -2)));
  const coveredBy = (text: string) => {
    const domain = covering(text);
    return domain === undefined ? undefined : `*.${domain}`;
  };
  const own = new Set(certificateNames);
  const implied = { key: "ADDITIONAL_SERVER_NAMES", entries: new Set(wanted.filter((text) => !own.has(text))) };
  return { kind: "list", entries: wanted, option: "certificate_names", spelled, has, implied, coveredBy };
}

function isIn(entries: readonly string[]): (entry: string) => boolean {
  const all = new Set(entries);
  return (entry) => all.has(entry);
}

/**
 * A list with what it lacks behind what it has, and without what the description lacks; undefined where nothing changes.
 *
 * @param statements of the key, the last of which counts; what another one has goes with its line
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

/** What a list has to have beside what stands in the file, and what the file lacks on purpose or by mistake. */
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

/** Names that the web interface answers on without a certificate for them. */
export function uncertified({ spelled }: ListDecision, lacking: readonly Entry[]): ConfProblem[] {
  return lacking.map(({ text, place }) => ({ code: "conf-certified", arguments: { name: spelled(text) ?? text }, place }));
}

/** Entries that would go, each with how the description keeps it. */
export function removalProblems(key: string, { option, spelled, coveredBy }: ListDecision, removed: readonly Entry[]): ConfProblem[] {
  return removed.map(({ text, place }) => {
    const entry = spelled(text);
    const wildcard = entry === undefined ? undefined : coveredBy?.(entry);
    return { code: "conf-removal", arguments: { key, value: openly(text), option, entry, wildcard }, place };
  });
}
