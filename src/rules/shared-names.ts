/** Each name can lead to only one mailcow. */
import type { Problem } from "../core/problems/problem.ts";
import type { Names, Site } from "../core/site/site.ts";
import { describedNames } from "./described-names.ts";
import type { Neighbour, Resolved } from "./rule.ts";

/** Problems with names in both descriptions, served or only in the certificate, at most one per list entry. */
export function sharedNames({ site, description }: Resolved, { file, site: other }: Neighbour): Problem[] {
  const [ours, others] = [allNames(site), allNames(other)];
  const theirs = new Set(others.exact);
  const wildcard = ours.prefixes.length > 0 && (others.prefixes.length > 0 || others.exact.some((name) => covers(ours, name)));
  return [
    ...(wildcard ? [{ code: "shared-wildcard", arguments: { file }, place: { pointer: "/hostname", on: "value" } } as const] : []),
    ...[{ pointer: "/hostname", names: [site.hostname] }, ...describedNames(description)].flatMap(({ pointer, names }): Problem[] => {
      const name = names.find((candidate) => theirs.has(candidate) || covers(others, candidate));
      if (name === undefined) return [];
      return [{ code: "shared-name", arguments: { name, file, wildcard: !theirs.has(name) }, place: { pointer, on: "value" } }];
    }),
  ];
}

/** Includes the names that are only in certificates, because their challenges too can lead to only one mailcow. */
function allNames({ names, challengeNames }: Site): Names {
  return { exact: [...names.exact, ...challengeNames.exact], prefixes: [...names.prefixes, ...challengeNames.prefixes] };
}

function covers({ prefixes }: Names, name: string): boolean {
  return prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}
