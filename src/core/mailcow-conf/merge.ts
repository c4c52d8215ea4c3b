/** Sets a site's values in a mailcow.conf and leaves every other byte unchanged. */
import type { MergedChange } from "../merged/values.ts";
import { ordersDiscovery, servesDiscovery } from "../site/discovery.ts";
import type { Site } from "../site/site.ts";
import { readable } from "./bytes.ts";
import type { Decision } from "./decision.ts";
import { type ConfKey, decide, isYes } from "./decisions.ts";
import type { ConfProblem } from "./problem.ts";
import { sortedAsInMailcow } from "./known-keys.ts";
import { asked, entriesOf, listFor, removalProblems, uncertified } from "./list-entries.ts";
import { mailPortProblems } from "./mail-port-problems.ts";
import { insertion } from "./placement.ts";
import { duplicateProblems, faultProblems, spellingProblem, valuePlace } from "./problems.ts";
import { openly } from "./secrets.ts";
import { type Conf, type Statement, behind } from "./statements.ts";

export interface Merged {
  readonly text: string;
  /** Keys that get a new value, or the same value in the standard spelling; in the order of mailcow's own file. */
  readonly changes: readonly MergedChange[];
  readonly problems: readonly ConfProblem[];
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What merge may do in addition to setting values. */
export interface MergeOptions {
  /** Remove list entries that the description does not have. */
  readonly removeEntries?: boolean;
  /** Replace a different hostname. */
  readonly renameHostname?: boolean;
}

/**
 * The file with the site's values. Removing a list entry or renaming the host without the option that allows it is reported
 * as an error. A file that docker compose refuses stays unchanged, because merge would have to guess its meaning.
 */
export function merge(conf: Conf, site: Site, options: MergeOptions = {}): Merged {
  const faults = faultProblems(conf);
  if (faults.length > 0) return { text: conf.text, changes: [], problems: faults };
  const decisions = decide(site);
  const results = sortedAsInMailcow(keysOf(decisions)).map((key) => mergeKey(conf, key, decisions[key], options));
  return {
    text: edited(conf.text, results.flatMap(({ edits }) => edits)),
    changes: results.flatMap(({ change }) => change ?? []),
    problems: [...results.flatMap(({ problems }) => problems), ...dnsProblems(conf, site), ...sniProblems(conf, site), ...namesLeftOut(conf, site), ...mailPortProblems(conf, site)],
  };
}

interface Outcome {
  readonly edits: readonly Edit[];
  readonly change?: MergedChange;
  readonly problems: readonly ConfProblem[];
}

function mergeKey(conf: Conf, key: ConfKey, decision: Decision, options: MergeOptions): Outcome {
  const found = conf.statements.filter((statement) => statement.key === key);
  // docker compose uses the last one.
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

/** The old state of a key: its values, or its exact text when only the spelling changes. */
function before({ text }: Conf, statements: readonly Statement[], after: string): string {
  const values = [...new Set(statements.map((statement) => statement.value))];
  const written = values.length === 1 && values[0] === after ? statements.map(({ start, end }) => text.slice(start, end).trim()) : values;
  return openly(readable(written.map((value) => (value === "" && values.length > 1 ? "(empty)" : value)).join(" and ")));
}

/** The new value of a key, or undefined when it does not change. */
function wanted(conf: Conf, key: ConfKey, decision: Decision, statements: readonly Statement[], options: MergeOptions): { value: string | undefined; problems: ConfProblem[] } {
  const nothing = { value: undefined, problems: [] };
  const current = statements.at(-1);
  // A comment that docker compose reads as the value does not count; it is reported as a spelling.
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
      if (current === undefined || says === undefined || !decision.isCleared(readable(says))) return nothing;
      const facts = { key, value: openly(readable(current.value)), instead: decision.value, option: decision.option };
      return { value: decision.value, problems: [{ code: "conf-cleared", arguments: facts, place: valuePlace(conf, current) }] };
    }
    case "leave":
      if (decision.unless !== "yes" || current === undefined || !isYes(current.value)) return nothing;
      return { value: undefined, problems: [{ code: "conf-acme-off", arguments: {}, place: valuePlace(conf, current) }] };
  }
}

/** The list unchanged. If its spelling changes, white space is removed, because bash would end the value there. */
function unchanged(current: Statement | undefined): string | undefined {
  if (current?.spelling === undefined) return current?.value;
  return entriesOf(current).map(({ bytes }) => bytes).join(",");
}

/** Wildcards need a DNS challenge. */
function dnsProblems({ statements }: Conf, { tls, certificateNames }: Site): ConfProblem[] {
  const wildcard = certificateNames.find((name) => name.startsWith("*."));
  const last = (key: string) => statements.findLast((statement) => statement.key === key);
  const [challenge, names] = [last("ACME_DNS_CHALLENGE"), last("ADDITIONAL_SAN")];
  if (!tls.acmeMailcow || wildcard === undefined || (challenge !== undefined && isYes(challenge.value))) return [];
  const { start, key } = challenge ?? names ?? { start: 0, key: " " };
  return [{ code: "conf-acme-dns", arguments: { name: wildcard }, place: { offset: start, end: start + key.length } }];
}

/** With SNI, the host's certificate lacks the names of the mail domains, but the proxy would use it for them. */
function sniProblems(conf: Conf, { tls, proxy }: Site): ConfProblem[] {
  const statement = conf.statements.findLast(({ key }) => key === "ENABLE_SSL_SNI");
  if (tls.issuer !== "mailcow" || proxy.tlsBefore || tls.domains.length > 0 || statement === undefined || !isYes(statement.value)) return [];
  return [{ code: "conf-sni", arguments: {}, place: valuePlace(conf, statement) }];
}

/** acme-mailcow orders only some names with these keys. The proxy would use a certificate without the others. */
function namesLeftOut(conf: Conf, site: Site): ConfProblem[] {
  const { tls, names, hostname, proxy } = site;
  if (tls.issuer !== "mailcow" || proxy.tlsBefore) return [];
  const last = (key: string) => conf.statements.findLast((statement) => statement.key === key);
  const [discovery, only] = [last("AUTODISCOVER_SAN"), last("ONLY_MAILCOW_HOSTNAME")];
  const problem = (key: "AUTODISCOVER_SAN" | "ONLY_MAILCOW_HOSTNAME", statement: Statement): ConfProblem => ({
    code: "conf-names-left-out",
    arguments: { key, value: openly(readable(statement.value)) },
    place: valuePlace(conf, statement),
  });
  return [
    ...(discovery !== undefined && discovery.value !== "" && !isYes(discovery.value) && ordersDiscovery(site) && servesDiscovery(names) ? [problem("AUTODISCOVER_SAN", discovery)] : []),
    ...(only !== undefined && isYes(only.value) && (names.exact.some((name) => name !== hostname) || names.prefixes.length > 0) ? [problem("ONLY_MAILCOW_HOSTNAME", only)] : []),
  ];
}

function rewritten({ text }: Conf, statement: Statement, value: string): (Edit & { statement: Statement })[] {
  const { key, start, end } = statement;
  const rest = behind(text, end);
  // Without quotes, the rest of the line could become part of the value.
  const assignment = rest === "nothing" || (rest === "comment" && value !== "") ? `${key}=${value}` : `${key}="${value}"`;
  return text.slice(start, end) === assignment ? [] : [{ start, end, text: assignment, statement }];
}

/** @param edits without overlaps; several insertions at one place keep their order */
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
