/** A TLS profile on a platform: the guideline's, limited to what the TLS library knows. */
import { type TlsProfile, profiles } from "./mozilla-guideline.ts";
import { type Feature, type Versions, has } from "./platform.ts";

export type { TlsProfile } from "./mozilla-guideline.ts";

/** The features that groups need. Every supported library has the other groups. */
const needs: Readonly<Record<string, Feature>> = { X25519MLKEM768: "mlKem" };

/** The profile with the given groups, or else its own, without groups that the TLS library does not know. */
export function tlsProfile(name: TlsProfile["name"], versions: Versions, groups?: readonly string[]): TlsProfile {
  const profile = profiles[name];
  // OpenSSL 3.0 refuses a list with a group twice.
  const wanted = [...new Set(groups ?? profile.groups)];
  const unknown = new Set(unknownGroups(wanted, versions).map(({ group }) => group));
  return { ...profile, groups: wanted.filter((group) => !unknown.has(group)) };
}

/**
 * The profile for TLS to mailcow, with the profile's own groups. The groups in `tls.groups` are for clients, and
 * mailcow's nginx may support none of them.
 */
export function upstreamProfile({ tls, versions }: { readonly tls: { readonly profile: TlsProfile }; readonly versions: Versions }): TlsProfile {
  return tlsProfile(tls.profile.name, versions);
}

/** The groups that the TLS library does not know. With such a group, a server does not start. */
export function unknownGroups(groups: readonly string[], versions: Versions): { group: string; feature: Feature }[] {
  return groups.flatMap((group) => {
    const feature = needs[group];
    return feature === undefined || has(versions, feature) ? [] : [{ group, feature }];
  });
}
