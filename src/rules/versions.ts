/** Checks that versions are supported. */
import { type Versions, compareVersions, oldest } from "../core/site/platform.ts";
import { softwareIds } from "../core/site/servers.ts";
import type { Rule } from "./rule.ts";

export const supportedVersions: readonly Rule[] = softwareIds.map((server) => ({
  reads: [`/versions/${server}`],
  check({ description: { versions } }) {
    const version = versions[server];
    if (version === undefined || !isTooOld(server, version)) return [];
    return [{ code: "version-too-old", arguments: { server, version, oldest: oldest[server] }, place: { pointer: `/versions/${server}`, on: "value" } }];
  },
}));

export function isTooOld(server: keyof Versions, version: string): boolean {
  return compareVersions(version, oldest[server]) < 0;
}
