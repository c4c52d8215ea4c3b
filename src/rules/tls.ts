/** What the TLS settings ask for, and what the platform has. */
import { profiles } from "../core/site/mozilla-guideline.ts";
import { sinceOf } from "../core/site/platform.ts";
import { unknownGroups } from "../core/site/tls-profile.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";
import { isTooOld } from "./versions.ts";

/** A group that is asked for by name is no wish that can be passed over. */
export const groupsAskedFor: Rule = {
  reads: ["/tls/groups", "/platform", "/versions"],
  check: ({ site: { versions }, description: { tls } }) =>
    (tls.groups ?? []).flatMap((asked, index): Problem[] =>
      unknownGroups([asked], versions).map(({ group, feature }) => ({
        code: "tls-group-unknown",
        arguments: { group, version: versions.openssl, since: sinceOf(feature) },
        place: { pointer: `/tls/groups/${index}`, on: "value" },
      })),
    ),
};

/** Without a platform everybody would hear this: then the output is for all of them, as was asked for. */
export const groupsLeftOut: Rule = {
  reads: ["/tls/profile", "/tls/groups", "/platform", "/versions"],
  check({ site: { versions, tls }, description: { platform, versions: given, tls: { groups } } }) {
    if (groups !== undefined || (platform === undefined && given.openssl === undefined) || isTooOld("openssl", versions.openssl)) return [];
    const place = { pointer: given.openssl === undefined ? "/platform" : "/versions/openssl", on: "value" } as const;
    return unknownGroups(profiles[tls.profile.name].groups, versions).map(({ group, feature }) => ({
      code: "tls-group-left-out",
      arguments: { group, version: versions.openssl, since: sinceOf(feature) },
      place,
    }));
  },
};

/** Seconds that the preload list asks for at least (https://hstspreload.org): a year. */
const preloadMaxAge = 31_536_000;

export const preload: Rule = {
  reads: ["/tls/hsts"],
  check({ description: { tls: { hsts } } }) {
    if (hsts?.preload !== true || (hsts.include_subdomains && hsts.max_age >= preloadMaxAge)) return [];
    return [{ code: "hsts-preload", arguments: {}, place: { pointer: "/tls/hsts/preload", on: "value" } }];
  },
};
