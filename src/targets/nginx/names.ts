/** Server names within nginx's default hash sizes, which a file of its own cannot change for the whole server. */
import type { Names } from "../../core/site/site.ts";
import { alternatives, anyDomain, quoted } from "../shared/spelling.ts";

/** Names of one parent domain: `mail` and `mta-sts` of `example.org`. */
export interface NameGroup {
  readonly domain: string;
  readonly labels: readonly string[];
}

/** The longest name that fits the default server_names_hash_bucket_size of 64 bytes. */
const maxLength = 46;

/**
 * At the default sizes some 60 names fit on one port before nginx warns, those of other sites included (measured with
 * nginx 1.22: 20 of ours beside 40 others load in silence, 45 beside 20 may not).
 */
const maxLiterals = 20;

/** The most names in a group: nginx takes no word of more than 4095 characters. */
const maxLabels = 20;

/** Names by parent domain. */
export function nameGroups(names: readonly string[]): NameGroup[] {
  const groups: { domain: string; labels: string[] }[] = [];
  const open = new Map<string, { labels: string[] }>();
  for (const name of names) {
    const [label = "", ...rest] = name.split(".");
    const domain = rest.join(".");
    const group = open.get(domain);
    if (group !== undefined && group.labels.length < maxLabels) group.labels.push(label);
    else {
      const opened = { domain, labels: [label] };
      open.set(domain, opened);
      groups.push(opened);
    }
  }
  return groups;
}

/**
 * What stands after `server_name`, a line each, in the servers of one port: literal names as far as they fit, regular
 * expressions beyond.
 */
export function serverNames(servers: readonly Names[]): string[][] {
  let room = maxLiterals;
  return servers.map(({ exact, prefixes }) => {
    const lines = nameGroups(exact).map((group) => {
      const literals = group.labels.map((label) => `${label}.${group.domain}`);
      if (literals.length > room || literals.some(({ length }) => length > maxLength)) return `~^${nameRegex(group)}$`;
      room -= literals.length;
      return literals.join(" ");
    });
    // nginx' own wildcard, autodiscover.*, takes characters that no host name has.
    return [...lines, ...prefixRegexes(prefixes).map((regex) => `~^${regex}$`)];
  });
}

/** A regular expression, without anchors and captures, that matches exactly the names of the group. */
export function nameRegex({ domain, labels }: NameGroup): string {
  return `${labels.length === 1 ? labels.join("") : `(?:${labels.join("|")})`}${quoted(`.${domain}`)}`;
}

/** The same for names that start with one of the prefixes; none without prefixes. */
export function prefixRegexes(prefixes: readonly string[]): string[] {
  return alternatives(prefixes.map(quoted)).map((some) => `(?:${some})${anyDomain}`);
}
