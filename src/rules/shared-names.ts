/** A name leads to one mailcow. */
import { toHostName } from "../core/host-name.ts";
import type { Problem } from "../core/problem.ts";
import { discoveryNames } from "../core/resolve.ts";
import type { Names } from "../core/site.ts";
import type { Checked } from "./rule.ts";
import type { Neighbour } from "./shared.ts";

/** The names that two descriptions both answer on, each entry of a list once. */
export function sharedNames({ site, description }: Checked, { file, site: other }: Neighbour): Problem[] {
  const theirs = new Set(other.names.exact);
  const wildcard = site.names.prefixes.length > 0 && (other.names.prefixes.length > 0 || other.names.exact.some((name) => covers(site.names, name)));
  return [
    ...(wildcard ? [{ code: "shared-wildcard", arguments: { file }, place: { pointer: "/hostname", on: "value" } } as const] : []),
    ...entries(description).flatMap(({ pointer, names }): Problem[] => {
      const name = names.find((candidate) => theirs.has(candidate) || covers(other.names, candidate));
      if (name === undefined) return [];
      return [{ code: "shared-name", arguments: { name, file, wildcard: !theirs.has(name) }, place: { pointer, on: "value" } }];
    }),
  ];
}

function covers({ prefixes }: Names, name: string): boolean {
  return prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}

/** What each key and entry of the description makes the proxy answer on; of the hostname something else is said. */
function entries({ mail_domains: mailDomains = [], additional_server_names: additional }: Checked["description"]): { pointer: string; names: string[] }[] {
  return [
    ...mailDomains.map((domain, index) => ({ pointer: `/mail_domains/${index}`, names: discoveryNames(canonical(domain)) })),
    ...additional.map((name, index) => ({ pointer: `/additional_server_names/${index}`, names: [canonical(name)] })),
  ];
}

function canonical(text: string): string {
  const result = toHostName(text);
  return "fault" in result ? text : result.name;
}
