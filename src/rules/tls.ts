/** Compares the TLS settings with what the servers' TLS libraries support. */
import { profiles } from "../core/site/mozilla-guideline.ts";
import { sinceOf } from "../core/site/platform.ts";
import { unknownGroups } from "../core/site/tls-profile.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";
import { isTooOld } from "./versions.ts";

/** A group in `tls.groups` must not be left out silently. */
export const groupsAskedFor: Rule = {
  reads: ["/tls/groups", "/platform", "/versions"],
  check: ({ site: { versions }, description: { tls }, libraries }) =>
    libraries.flatMap((library) => (tls.groups ?? []).flatMap((asked, index): Problem[] =>
      unknownGroups([asked], versions, library).map(({ group, feature }) => ({
        code: "tls-group-unknown",
        arguments: { group, library, version: versions[library], since: sinceOf(feature), only: tls.groups?.length === 1 },
        place: { pointer: `/tls/groups/${index}`, on: "value" },
      })),
    )),
};

/** Only with a named platform: without one, the output is meant for all platforms, and everybody would get this note. */
export const groupsLeftOut: Rule = {
  reads: ["/tls/profile", "/tls/groups", "/platform", "/versions", "/proxy/tls_ends", "/proxy/upstream/scheme"],
  check({ site: { versions, tls, proxy }, description: { platform, versions: given, tls: { groups } }, libraries }) {
    const withoutTls = proxy.tlsBefore && proxy.upstream.scheme === "http";
    if (withoutTls || groups !== undefined) return [];
    return libraries.filter((library) => (platform !== undefined || given[library] !== undefined) && !isTooOld(library, versions[library])).flatMap((library) => {
      const place = { pointer: given[library] === undefined ? "/platform" : `/versions/${library}`, on: "value" } as const;
      return unknownGroups(profiles[tls.profile.name].groups, versions, library).map(({ group, feature }): Problem => ({
        code: "tls-group-left-out",
        arguments: { group, library, version: versions[library], since: sinceOf(feature) },
        place,
      }));
    });
  },
};

/** The least number of seconds for the preload list (https://hstspreload.org): a year. */
const preloadMaxAge = 31_536_000;

export const preload: Rule = {
  reads: ["/tls/hsts"],
  check({ description: { tls: { hsts } } }) {
    if (hsts?.preload !== true) return [];
    const lacking = { maxAge: hsts.max_age < preloadMaxAge, includeSubdomains: !hsts.include_subdomains };
    if (!lacking.maxAge && !lacking.includeSubdomains) return [];
    return [{ code: "hsts-preload", arguments: lacking, place: { pointer: "/tls/hsts/preload", on: "value" } }];
  },
};
