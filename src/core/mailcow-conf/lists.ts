/** mailcow.conf's lists: what is in one, what a description holds of it, and what it becomes. */
import { toNameEntry, wildcardCovers } from "../name-entry.ts";
import { isBroadcast, parseNetwork, toAddressOrCidr, trustsEveryone } from "../network.ts";
import type { Site } from "../site.ts";
import type { ConfProblem } from "./diagnose.ts";
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
}

/** An entry of a list and where it stands. */
interface Entry {
  readonly text: string;
  readonly place: ConfProblem["place"];
}

/** The entries: mailcow splits at commas, and acme-mailcow at white space too. docker compose reads a comment as a value, but it names nothing. */
export function entriesOf(statement: Statement | undefined): Entry[] {
  if (statement === undefined || statement.spelling === "comment") return [];
  return [...statement.value.matchAll(/[^,\s]+/g)].map(({ 0: text, index }) => {
    const offset = statement.valueStart + index;
    return { text, place: { offset, end: offset + text.length } };
  });
}

export function serverNameList({ additionalServerNames }: Site): ListDecision {
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry || entry.kind === "wildcard" ? undefined : entry.text;
  };
  return { kind: "list", entries: additionalServerNames, option: "additional_server_names", spelled, has: isIn(additionalServerNames) };
}

export function trustedProxyList({ addresses }: Site): ListDecision {
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
  const covered = (text: string) => !text.startsWith("*.") && wildcards.some((domain) => wildcardCovers(domain, text));
  const wanted = [...new Set([...certificateNames, ...additionalServerNames])].filter((text) => !covered(text));
  const served = new Set([...wanted, ...names.exact, ...names.prefixes.map((prefix) => `${prefix}.*`)]);
  const spelled = (text: string) => {
    const entry = toNameEntry(text);
    return "fault" in entry ? undefined : entry.text;
  };
  const has = (text: string) => served.has(text) || covered(text) || names.prefixes.some((prefix) => text.startsWith(`${prefix}.`));
  return { kind: "list", entries: wanted, option: "certificate_names", spelled, has };
}

function isIn(entries: readonly string[]): (entry: string) => boolean {
  const all = new Set(entries);
  return (entry) => all.has(entry);
}

/** A list with what it lacks behind what it has, and without what the description lacks; undefined where nothing changes. */
export function listFor(decision: ListDecision, current: Statement | undefined): { readonly value: string | undefined; readonly removed: readonly Entry[] } {
  const given = entriesOf(current);
  const isKept = ({ text }: Entry) => {
    const entry = decision.spelled(text);
    return entry !== undefined && decision.has(entry);
  };
  const kept = given.filter(isKept);
  const present = new Set(given.map(({ text }) => decision.spelled(text)));
  const missing = decision.entries.filter((entry) => !present.has(entry));
  if (missing.length === 0 && kept.length === given.length) return { value: undefined, removed: [] };
  return { value: [...kept.map(({ text }) => text), ...missing].join(","), removed: given.filter((entry) => !isKept(entry)) };
}

/** Entries that would go, each with how the description keeps it. */
export function removalProblems(key: string, { option, spelled }: ListDecision, removed: readonly Entry[]): ConfProblem[] {
  return removed.map(({ text, place }) => ({ code: "conf-removal", arguments: { key, value: openly(text), option, entry: spelled(text) }, place }));
}
