/** Versions this tool writes for. */
import { compareVersions, oldest } from "../core/platform.ts";
import type { Rule } from "./rule.ts";

export const supportedVersions: readonly Rule[] = (["nginx", "apache", "haproxy", "openssl"] as const).map((server) => ({
  reads: [`/versions/${server}`],
  check({ description: { versions } }) {
    const version = versions[server];
    if (version === undefined || compareVersions(version, oldest[server]) >= 0) return [];
    return [{ code: "version-too-old", arguments: { server, version, oldest: oldest[server] }, place: { pointer: `/versions/${server}`, on: "value" } }];
  },
}));
