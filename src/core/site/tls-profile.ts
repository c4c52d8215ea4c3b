/** A profile on a platform: the guideline's, as far as the TLS library has it. */
import { type TlsProfile, profiles } from "./mozilla-guideline.ts";
import { type Feature, type Versions, has } from "./platform.ts";

export type { TlsProfile } from "./mozilla-guideline.ts";

/** What a group needs of the library; groups that are not here are in every one of them. */
const needs: Readonly<Record<string, Feature>> = { X25519MLKEM768: "mlKem" };

/** The profile, with other groups in place of its own where they are given, without what the TLS library does not know. */
export function tlsProfile(name: TlsProfile["name"], versions: Versions, groups?: readonly string[]): TlsProfile {
  const profile = profiles[name];
  // OpenSSL 3.0 refuses a list that has a group twice.
  const wanted = [...new Set(groups ?? profile.groups)];
  const unknown = new Set(unknownGroups(wanted, versions).map(({ group }) => group));
  return { ...profile, groups: wanted.filter((group) => !unknown.has(group)) };
}

/**
 * What the proxy offers mailcow: the profile with its own groups. Those of `tls.groups` are for clients, and mailcow's nginx
 * may have none of them.
 */
export function upstreamProfile({ tls, versions }: { readonly tls: { readonly profile: TlsProfile }; readonly versions: Versions }): TlsProfile {
  return tlsProfile(tls.profile.name, versions);
}

/** Those of the groups that the TLS library does not know: one of them keeps a server from starting. */
export function unknownGroups(groups: readonly string[], versions: Versions): { group: string; feature: Feature }[] {
  return groups.flatMap((group) => {
    const feature = needs[group];
    return feature === undefined || has(versions, feature) ? [] : [{ group, feature }];
  });
}
