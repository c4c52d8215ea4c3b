/** A TLS profile in Caddy's words. */
import { type TlsProfile, profileOn, upstreamProfileOn } from "../../core/site/tls-profile.ts";
import type { Site } from "../../core/site/site.ts";
import { id } from "./places.ts";

const curves: Readonly<Record<string, string>> = { X25519MLKEM768: "x25519mlkem768", X25519: "x25519", prime256v1: "secp256r1", secp384r1: "secp384r1", secp521r1: "secp521r1" };

/** The values for the `tls` block of a site. */
export function tlsView(site: Site) {
  const { protocols, ciphers, groups } = profileOn(id, site);
  return {
    protocols: `${versionWord(protocols[0])} tls1.3`,
    ciphers: ciphers.map(cipherName).join(" "),
    curves: curvesOf(groups),
  };
}

/** The groups for TLS to mailcow. There are no settings for its versions and cipher suites. */
export function upstreamCurves(site: Site): string {
  return curvesOf(upstreamProfileOn(id, site).groups);
}

function curvesOf(groups: readonly string[]): string {
  return groups.map((group) => curves[group] ?? group).join(" ");
}

function versionWord(version: TlsProfile["protocols"][number] | undefined): string {
  return version === "TLSv1.2" ? "tls1.2" : "tls1.3";
}

/** `ECDHE-RSA-AES128-GCM-SHA256` is `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` for Go. */
function cipherName(name: string): string {
  const [, exchange = "", algorithm = ""] = /^ECDHE-(ECDSA|RSA)-(.*)$/.exec(name) ?? [];
  const words = algorithm.replace(/^AES(\d+)-/, "AES_$1_").replaceAll("-", "_");
  return `TLS_ECDHE_${exchange}_WITH_${words.endsWith("POLY1305") ? `${words}_SHA256` : words}`;
}
