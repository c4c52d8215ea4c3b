/** A name leads either to mailcow or to another site. */
import { nameEntry } from "../core/description/name-entry.ts";
import { isBelow } from "../core/host-name.ts";
import type { Problem } from "../core/problems/problem.ts";
import { describedNames } from "./described-names.ts";
import type { Rule } from "./rule.ts";

export const otherSites: Rule = {
  reads: ["/hostname", "/mail_domains", "/discovery", "/additional_server_names", "/certificate_names"],
  check({ site, description }) {
    if (description.other_sites.length === 0) return [];
    const keys = new Map([[site.hostname, "hostname"], ...describedNames({ ...description, other_sites: [] }).flatMap(({ pointer, names }) => names.map((name) => [name, pointer.split("/")[1] ?? ""] as const))]);
    const prefixes = [...site.names.prefixes, ...site.challengeNames.prefixes];
    return description.other_sites.flatMap((text, index): Problem[] => {
      const name = nameEntry(text).text;
      const prefix = prefixes.find((one) => isBelow(one, name));
      const also = keys.get(name) ?? (prefix === undefined ? undefined : `${prefix}.*`);
      return also === undefined ? [] : [{ code: "other-site-taken", arguments: { name, also }, place: { pointer: `/other_sites/${index}`, on: "value" } }];
    });
  },
};

/** mailcow's nginx answers with its own site for every name that no other site of it has. */
export const otherSitesOpen: Rule = {
  reads: ["/access", "/basic_auth", "/other_sites", "/mailcow", "/proxy/upstream/scheme"],
  check({ site: { access, basicAuth, otherSites: [name], proxy: { upstream: { main } } } }) {
    if ((access.length === 0 && basicAuth === undefined) || name === undefined) return [];
    return [{ code: "access-other-sites", arguments: { name, port: main.port }, place: { pointer: "/other_sites/0", on: "value" } }];
  },
};
