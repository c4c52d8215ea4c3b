/** Keeps server names within nginx's default hash sizes, which one site's file cannot change. */
import type { Names } from "../../core/site/site.ts";
import { alternatives, anyDomain, quoted } from "../shared/spelling.ts";

/** Names with the same parent domain: `mail` and `mta-sts` of `example.org`. */
export interface NameGroup {
  readonly domain: string;
  readonly labels: readonly string[];
}

/** The longest name that fits the default server_names_hash_bucket_size of 64 bytes. */
const maxLength = 46;

/**
 * With the default sizes, about 60 names fit on one port before nginx warns, including those of other sites. Measured with
 * nginx 1.22: 20 names of ours and 40 others load without a warning, 45 and 20 may not.
 */
const maxLiterals = 20;

/** The most names in a group, because a word in nginx's configuration may have at most 4095 characters. */
const maxLabels = 20;

/** Groups names by parent domain. */
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
 * The words after `server_name`, one array per server of a port, one line per entry: literal names as long as they fit,
 * then regular expressions.
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
    // nginx's own wildcard autodiscover.* also matches characters that are not allowed in host names.
    return [...lines, ...prefixRegexes(prefixes).map((regex) => `~^${regex}$`)];
  });
}

/** A regular expression, without anchors and captures, that matches exactly the names of the group. */
export function nameRegex({ domain, labels }: NameGroup): string {
  return `${labels.length === 1 ? labels.join("") : `(?:${labels.join("|")})`}${quoted(`.${domain}`)}`;
}

/** The same for names that start with one of the prefixes; empty without prefixes. */
export function prefixRegexes(prefixes: readonly string[]): string[] {
  return alternatives(prefixes.map(quoted)).map((some) => `(?:${some})${anyDomain}`);
}
