/** The server versions to write for, and the features they have. */
import { type Family, type Packages, type Platform, type ServerId, type Software, type SoftwareId, type Version, families, features, serverIds, servers, software, softwareIds } from "./servers.ts";

export type Versions = Readonly<Record<SoftwareId, Version>>;

/** The oldest version of each server among the platforms. What works with it works on all platforms. */
export const oldest: Versions = versionsOf((id) => {
  const { since, versions }: Software = software[id];
  return [...(since === undefined ? [] : [since]), ...Object.values(versions)].reduce(older);
});

/** The versions to write for: the given ones, or else those in the platform's own packages, or else the oldest supported ones. */
export function versionsFor(platform: Platform | undefined, given: Partial<Versions>, packages: Packages = "distribution"): Versions {
  const own = platform === undefined ? oldest : versionsOf((id) => software[id].versions[platform] ?? oldest[id]);
  const foreign = serverIds.filter((id) => servers[id].elsewhere?.[packages] !== undefined);
  return { ...own, ...Object.fromEntries(foreign.map((id) => [id, oldest[id]])), ...given };
}

/** Pointers to all that decides the server's version. */
export function versionKeys(id: ServerId): string[] {
  return [`/versions/${id}`, "/platform", "/packages"];
}

export function familyOf(platform: Platform | undefined): Family {
  return platform === undefined ? "debian" : families[platform];
}

export type Feature = keyof typeof features;

/** The first version with a feature. */
export function sinceOf(feature: Feature): Version {
  return features[feature].since;
}

/** Whether every release of the server's version has the feature: `1.25` may be 1.25.0. */
export function has(versions: Versions, feature: Feature): boolean {
  const { server, since } = features[feature];
  return compareVersions(`${versions[server]}.0`, since) >= 0;
}

function versionsOf(choose: (id: SoftwareId) => Version): Versions {
  const chosen: { -readonly [Id in SoftwareId]?: Version } = {};
  for (const id of softwareIds) chosen[id] = choose(id);
  if (!isComplete(chosen)) throw new Error("a row has no version");
  return chosen;
}

function isComplete(versions: Partial<Versions>): versions is Versions {
  return softwareIds.every((id) => versions[id] !== undefined);
}

function older(left: Version, right: Version): Version {
  return compareVersions(left, right) <= 0 ? left : right;
}

/** Negative when `left` is older, 0 when the numbers that both have are equal, positive when it is newer. */
export function compareVersions(left: Version, right: Version): number {
  const [a, b] = [left, right].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.min(a?.length ?? 0, b?.length ?? 0); index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The servers that can send PROXY protocol to mailcow in every version. */
export const protocolSenders: readonly ServerId[] = serverIds.filter((id) => {
  const since = servers[id].proxyProtocol.sends;
  return since !== undefined && compareVersions(oldest[id], since) >= 0;
});
