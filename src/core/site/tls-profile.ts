/** A TLS profile for a server: the guideline's, limited to what the server's TLS library knows. */
import { keysOf } from "../keys-of.ts";
import { type TlsProfile, profiles } from "./mozilla-guideline.ts";
import { type Feature, type Versions, has } from "./platform.ts";
import { type ServerId, type SoftwareId, features, tlsLibraryOf } from "./servers.ts";

export type { TlsProfile } from "./mozilla-guideline.ts";

/** The profile with the given groups, or else its own. */
export function tlsProfile(name: TlsProfile["name"], groups?: readonly string[]): TlsProfile {
  const profile = profiles[name];
  // OpenSSL 3.0 refuses a list with a group twice.
  return { ...profile, groups: [...new Set(groups ?? profile.groups)] };
}

interface Asked {
  readonly tls: { readonly profile: TlsProfile };
  readonly versions: Versions;
}

/** The profile for the server's clients. */
export function profileOn(id: ServerId, { tls: { profile }, versions }: Asked): TlsProfile {
  return known(profile, versions, tlsLibraryOf(id));
}

/**
 * The profile for the server's TLS to mailcow, with the profile's own groups. The groups in `tls.groups` are for clients, and
 * mailcow's nginx may support none of them.
 */
export function upstreamProfileOn(id: ServerId, { tls, versions }: Asked): TlsProfile {
  return known(profiles[tls.profile.name], versions, tlsLibraryOf(id));
}

function known(profile: TlsProfile, versions: Versions, library: SoftwareId): TlsProfile {
  const unknown = new Set(unknownGroups(profile.groups, versions, library).map(({ group }) => group));
  return { ...profile, groups: profile.groups.filter((group) => !unknown.has(group)) };
}

/** The groups that the TLS library does not know. With such a group, a server does not start. */
export function unknownGroups(groups: readonly string[], versions: Versions, library: SoftwareId): { group: string; feature: Feature }[] {
  return groups.flatMap((group) => {
    // Every supported library has the groups that no feature brings.
    const feature = keysOf(features).find((name) => bringsTo(name, library) === group);
    return feature === undefined || has(versions, feature) ? [] : [{ group, feature }];
  });
}

/** The group that a feature brings to the library. */
function bringsTo(name: Feature, library: SoftwareId): string | undefined {
  const feature: { readonly server: SoftwareId; readonly group?: string } = features[name];
  return feature.server === library ? feature.group : undefined;
}
