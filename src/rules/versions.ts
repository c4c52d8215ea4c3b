/** Checks that versions are supported. */
import { type Versions, compareVersions, oldest } from "../core/site/platform.ts";
import type { Problem } from "../core/problems/problem.ts";
import { serverIds, servers, softwareIds } from "../core/site/servers.ts";
import type { Rule } from "./rule.ts";

export const supportedVersions: readonly Rule[] = softwareIds.map((server) => ({
  reads: [`/versions/${server}`],
  check({ description: { versions } }) {
    const version = versions[server];
    if (version === undefined || !isTooOld(server, version)) return [];
    return [{ code: "version-too-old", arguments: { server, version, oldest: oldest[server] }, place: { pointer: `/versions/${server}`, on: "value" } }];
  },
}));

/** Packages from elsewhere have no version of the platform. */
export const packagesVersion: Rule = {
  reads: ["/packages", "/versions", "/targets"],
  check: ({ site, description: { packages, versions, targets } }) =>
    serverIds
      .filter((id) => servers[id].elsewhere?.[packages] !== undefined && versions[id] === undefined && targets.includes(id))
      .map((server): Problem => ({ code: "packages-version", arguments: { server, version: site.versions[server], packages }, place: { pointer: "/packages", on: "value" } })),
};

export function isTooOld(server: keyof Versions, version: string): boolean {
  return compareVersions(version, oldest[server]) < 0;
}
