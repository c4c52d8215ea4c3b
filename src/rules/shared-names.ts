/** A name leads to one mailcow. */
import type { Problem } from "../core/problem.ts";
import type { Names } from "../core/site.ts";
import { describedNames } from "./described-names.ts";
import type { Checked } from "./rule.ts";
import type { Neighbour } from "./shared.ts";

/** The names that two descriptions both answer on, each entry of a list once. */
export function sharedNames({ site, description }: Checked, { file, site: other }: Neighbour): Problem[] {
  const theirs = new Set(other.names.exact);
  const wildcard = site.names.prefixes.length > 0 && (other.names.prefixes.length > 0 || other.names.exact.some((name) => covers(site.names, name)));
  return [
    ...(wildcard ? [{ code: "shared-wildcard", arguments: { file }, place: { pointer: "/hostname", on: "value" } } as const] : []),
    ...describedNames(description).flatMap(({ pointer, names }): Problem[] => {
      const name = names.find((candidate) => theirs.has(candidate) || covers(other.names, candidate));
      if (name === undefined) return [];
      return [{ code: "shared-name", arguments: { name, file, wildcard: !theirs.has(name) }, place: { pointer, on: "value" } }];
    }),
  ];
}

function covers({ prefixes }: Names, name: string): boolean {
  return prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}
