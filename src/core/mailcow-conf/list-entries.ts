/** Reads lists in mailcow.conf, and compares them with the entries that a description needs. */
import { readable } from "./bytes.ts";
import type { ListDecision } from "./lists.ts";
import type { ConfProblem } from "./problem.ts";
import { openly } from "./secrets.ts";
import type { Statement } from "./statements.ts";

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
