/** Each name can lead to only one mailcow. */
import { isBelow } from "../core/host-name.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Names, Site } from "../core/site/site.ts";
import { describedNames } from "./described-names.ts";
import type { Neighbour, Resolved } from "./rule.ts";

/** Problems with names in both descriptions, served or only in the certificate, at most one per list entry. */
export function sharedNames({ site, description }: Resolved, { file, site: other }: Neighbour): Problem[] {
  const [ours, others] = [allNames(site), allNames(other)];
  const theirs = new Set(others.exact);
  const shared = ours.prefixes.find((prefix) => others.exact.some((name) => isBelow(prefix, name)) || others.prefixes.some((their) => their === prefix || isBelow(prefix, their) || isBelow(their, prefix)));
  return [
    ...(shared === undefined ? [] : [{ code: "shared-wildcard", arguments: { prefix: shared, file }, place: { pointer: "/hostname", on: "value" } } as const]),
    ...[{ pointer: "/hostname", names: description.serve_hostname ? [site.hostname] : [] }, ...describedNames(description)].flatMap(({ pointer, names }): Problem[] => {
      const name = names.find((candidate) => theirs.has(candidate) || covering(others, candidate) !== undefined);
      if (name === undefined) return [];
      return [{ code: "shared-name", arguments: { name, file, prefix: theirs.has(name) ? undefined : covering(others, name) }, place: { pointer, on: "value" } }];
    }),
  ];
}

/** Includes the names that are only in certificates, because their challenges too can lead to only one mailcow. */
function allNames({ names, challengeNames, otherSites }: Site): Names {
  return { exact: [...names.exact, ...challengeNames.exact, ...otherSites], prefixes: [...names.prefixes, ...challengeNames.prefixes] };
}

/** The prefix that the name begins with. */
function covering({ prefixes }: Names, name: string): string | undefined {
  return prefixes.find((prefix) => isBelow(prefix, name));
}
