/** A TLS profile in HAProxy's words. */
import type { TlsProfile } from "../../core/site/tls-profile.ts";

/**
 * What a `bind` or `server` line says of the profile itself, so that the host's ssl-default-* settings do not count.
 *
 * @param curves whether the line takes groups
 */
export function profileOptions({ protocols, ciphers, cipherSuites, groups }: TlsProfile, curves: boolean): string {
  return [
    `ssl-min-ver ${protocols[0] ?? "TLSv1.3"} ssl-max-ver TLSv1.3`,
    ...(ciphers.length > 0 ? [`ciphers ${ciphers.join(":")}`] : []),
    `ciphersuites ${cipherSuites.join(":")}`,
    ...(curves ? [`curves ${groups.join(":")}`] : []),
  ].join(" ");
}
