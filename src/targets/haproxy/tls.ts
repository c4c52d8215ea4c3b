/** A TLS profile as HAProxy's options. */
import type { TlsProfile } from "../../core/site/tls-profile.ts";

/**
 * The profile's options for a `bind` or `server` line, all of them, so that the host's ssl-default-* settings have no effect.
 *
 * @param curves whether the line accepts groups
 */
export function profileOptions({ protocols, ciphers, cipherSuites, groups }: TlsProfile, curves: boolean): string {
  return [
    `ssl-min-ver ${protocols[0] ?? "TLSv1.3"} ssl-max-ver TLSv1.3`,
    ...(ciphers.length > 0 ? [`ciphers ${ciphers.join(":")}`] : []),
    `ciphersuites ${cipherSuites.join(":")}`,
    ...(curves ? [`curves ${groups.join(":")}`] : []),
  ].join(" ");
}
