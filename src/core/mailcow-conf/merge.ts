/** Sets the keys that a site decides on in a mailcow.conf, and leaves every other byte as it is. */
import type { Site } from "../site/site.ts";
import { readable } from "./bytes.ts";
import { type ConfKey, type Decision, decide, isYes } from "./decisions.ts";
import type { ConfProblem } from "./problem.ts";
import { sortedAsInMailcow } from "./known-keys.ts";
import { asked, entriesOf, listFor, removalProblems, uncertified } from "./lists.ts";
import { insertion } from "./placement.ts";
import { duplicateProblems, faultProblems, spellingProblem, valuePlace } from "./problems.ts";
import { openly } from "./secrets.ts";
import { type Conf, type Statement, behind } from "./statements.ts";

/** A key that gets another value, or the same one in the spelling that everybody reads. */
export interface Change {
  readonly key: string;
  /** As docker compose reads it, without a secret; undefined where the key is not set. */
  readonly before: string | undefined;
  readonly after: string;
}

export interface Merged {
  readonly text: string;
  /** In the order of mailcow's own file. */
  readonly changes: readonly Change[];
  readonly problems: readonly ConfProblem[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a merge may do beyond setting values. */
export interface MergeOptions {
  /** Take entries out of lists that the description does not have. */
  readonly removeEntries?: boolean;
  /** Give the host another name. */
  readonly renameHostname?: boolean;
}

/**
 * The file with the site's values. Where that takes an entry out of a list or renames the host without an option that
 * allows it, the problems say so as errors. A file that docker compose refuses stays as it is: what belongs to what in it
 * would be guessed.
 */
export function merge(conf: Conf, site: Site, options: MergeOptions = {}): Merged {
  const faults = faultProblems(conf);
  if (faults.length > 0) return { text: conf.text, changes: [], problems: faults };
  const decisions = decide(site);
  const results = sortedAsInMailcow(keysOf(decisions)).map((key) => mergeKey(conf, key, decisions[key], options));
  return {
    text: edited(conf.text, results.flatMap(({ edits }) => edits)),
    changes: results.flatMap(({ change }) => change ?? []),
    problems: [...results.flatMap(({ problems }) => problems), ...dnsProblems(conf, site), ...sniProblems(conf, site)],
  };
}

interface Outcome {
  readonly edits: readonly Edit[];
  readonly change?: Change;
  readonly problems: readonly ConfProblem[];
}

function mergeKey(conf: Conf, key: ConfKey, decision: Decision, options: MergeOptions): Outcome {
  const found = conf.statements.filter((statement) => statement.key === key);
  // The last one counts.
  const current = found.at(-1);
  const { value, problems } = wanted(conf, key, decision, found, options);
  if (value === undefined) return { edits: [], problems };
  if (current === undefined) {
    const { at, text } = insertion(`${key}=${value}`, key, conf);
    return { edits: [{ start: at, end: at, text }], change: { key, before: undefined, after: value }, problems };
  }
  const edits = found.flatMap((statement) => rewritten(conf, statement, value));
  const doubles = duplicateProblems(conf, key, { value, already: edits.length === 0 });
  const spellings = edits.flatMap(({ statement, text }) => spellingProblem(conf, statement, text) ?? []);
  return { edits, ...(edits.length > 0 ? { change: { key, before: before(conf, found, value), after: readable(value) } } : {}), problems: [...problems, ...doubles, ...spellings] };
}

/** What a key says so far: each of its values, or how it is written where only that changes. */
function before({ text }: Conf, statements: readonly Statement[], after: string): string {
  const values = [...new Set(statements.map((statement) => statement.value))];
  const written = values.length === 1 && values[0] === after ? statements.map(({ start, end }) => text.slice(start, end).trim()) : values;
  return openly(readable(written.map((value) => (value === "" && values.length > 1 ? "(empty)" : value)).join(" and ")));
}

/** The value a key gets, or undefined where it stays as it is. */
function wanted(conf: Conf, key: ConfKey, decision: Decision, statements: readonly Statement[], options: MergeOptions): { value: string | undefined; problems: ConfProblem[] } {
  const nothing = { value: undefined, problems: [] };
  const current = statements.at(-1);
  // A comment asks for nothing, and how it is written is said anyway.
  const says = current?.spelling === "comment" ? undefined : current?.value;
  switch (decision.kind) {
    case "set":
      if (current === undefined && decision.absent === decision.value) return nothing;
      return { value: says !== undefined && decision.same(readable(says)) ? says : decision.value, problems: [] };
    case "hostname": {
      if (says !== undefined && decision.same(readable(says))) return { value: says, problems: [] };
      const renamed = current !== undefined && says !== undefined && says !== "" && options.renameHostname !== true;
      const facts = { value: openly(readable(says ?? "")), hostname: decision.value };
      return { value: decision.value, problems: renamed ? [{ code: "conf-rename", arguments: facts, place: valuePlace(conf, current) }] : [] };
    }
    case "list": {
      const { decision: list, lacking } = asked(decision, conf.statements);
      const { value, removed } = listFor(list, statements);
      const problems = options.removeEntries === true ? [] : removalProblems(key, list, removed);
      return { value: value ?? unchanged(current), problems: [...problems, ...uncertified(list, lacking)] };
    }
    case "clear": {
      if (current === undefined || !isYes(current.value)) return nothing;
      const facts = { key, value: openly(readable(current.value)), instead: decision.value, option: decision.option };
      return { value: decision.value, problems: [{ code: "conf-cleared", arguments: facts, place: valuePlace(conf, current) }] };
    }
    case "leave":
      if (key !== "SKIP_LETS_ENCRYPT" || current === undefined || !isYes(current.value)) return nothing;
      return { value: undefined, problems: [{ code: "conf-acme-off", arguments: {}, place: valuePlace(conf, current) }] };
  }
}

/** The list as it is; where it gets another spelling, without white space that bash would take for the end of the value. */
function unchanged(current: Statement | undefined): string | undefined {
  if (current?.spelling === undefined) return current?.value;
  return entriesOf(current).map(({ bytes }) => bytes).join(",");
}

/** A wildcard is certified by DNS only. */
function dnsProblems({ statements }: Conf, { tls, certificateNames }: Site): ConfProblem[] {
  const wildcard = certificateNames.find((name) => name.startsWith("*."));
  const last = (key: string) => statements.findLast((statement) => statement.key === key);
  const [challenge, names] = [last("ACME_DNS_CHALLENGE"), last("ADDITIONAL_SAN")];
  if (tls.issuer !== "mailcow" || wildcard === undefined || (challenge !== undefined && isYes(challenge.value))) return [];
  const { start, key } = challenge ?? names ?? { start: 0, key: " " };
  return [{ code: "conf-acme-dns", arguments: { name: wildcard }, place: { offset: start, end: start + key.length } }];
}

/** Web clients would get the host's certificate, which with SNI lacks the names of the mail domains. */
function sniProblems(conf: Conf, { tls }: Site): ConfProblem[] {
  const statement = conf.statements.findLast(({ key }) => key === "ENABLE_SSL_SNI");
  if (tls.issuer !== "mailcow" || tls.domains.length > 0 || statement === undefined || !isYes(statement.value)) return [];
  return [{ code: "conf-sni", arguments: {}, place: valuePlace(conf, statement) }];
}

function rewritten({ text }: Conf, statement: Statement, value: string): (Edit & { statement: Statement })[] {
  const { key, start, end } = statement;
  const rest = behind(text, end);
  // Without quotes, what follows could become a part of the value.
  const assignment = rest === "nothing" || (rest === "comment" && value !== "") ? `${key}=${value}` : `${key}="${value}"`;
  return text.slice(start, end) === assignment ? [] : [{ start, end, text: assignment, statement }];
}

/** @param edits which do not overlap; what goes in at one place goes in in their order */
function edited(text: string, edits: readonly Edit[]): string {
  let at = 0;
  const parts = edits
    .toSorted((left, right) => left.start - right.start || left.end - right.end)
    .map(({ start, end, text: part }) => {
      const kept = text.slice(at, start);
      at = end;
      return kept + part;
    });
  return parts.join("") + text.slice(at);
}

function keysOf<K extends string>(record: Record<K, unknown>): K[] {
  const keys: K[] = [];
  for (const key in record) keys.push(key);
  return keys;
}
