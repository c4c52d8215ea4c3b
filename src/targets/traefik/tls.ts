/** The TLS settings, in the words of Go. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import { has } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import { type TlsProfile, profileOn, upstreamProfileOn } from "../../core/site/tls-profile.ts";
import { certificatesOf } from "../shared/certificates.ts";
import { id } from "./places.ts";
import { keyOf } from "./scopes.ts";

/** By OpenSSL's names. Groups that are missing have the same name in both. */
const groupNames: Readonly<Record<string, string>> = { prime256v1: "CurveP256", secp384r1: "CurveP384", secp521r1: "CurveP521" };

/** Go always offers the cipher suites of TLS 1.3, and chooses the order itself. */
function cipherSuites({ ciphers }: TlsProfile): string[] {
  return ciphers.map((cipher) => {
    const [, key, name = ""] = /^(ECDHE-(?:ECDSA|RSA))-(.*)$/.exec(cipher) ?? [];
    if (key === undefined) throw new Error(`the cipher ${cipher} has no name in Go`);
    const spelled = name === "CHACHA20-POLY1305" ? "CHACHA20_POLY1305_SHA256" : name.replace(/^AES(\d+)-/, "AES_$1_").replaceAll("-", "_");
    return `TLS_${key.replace("-", "_")}_WITH_${spelled}`;
  });
}

function oldestVersion({ protocols }: TlsProfile): string {
  return protocols.includes("TLSv1.2") ? "VersionTLS12" : "VersionTLS13";
}

function suites(profile: TlsProfile): { cipherSuites?: string[] } {
  return profile.ciphers.length === 0 ? {} : { cipherSuites: cipherSuites(profile) };
}

/** For clients: options that the routers name, and the certificates. */
export function clientTls(site: Site): YamlMapping {
  const profile = profileOn(id, site);
  return {
    options: { [keyOf(site)]: { minVersion: oldestVersion(profile), ...suites(profile), curvePreferences: profile.groups.map((group) => groupNames[group] ?? group) } },
    ...(site.tls.issuer === "proxy" ? {} : { certificates: certificatesOf(site).map(({ certificate, key }) => ({ certFile: certificate, keyFile: key })) }),
  };
}

/** For mailcow, in serversTransports. */
export function upstreamTls(site: Site): YamlMapping {
  const { publicName, proxy: { upstream: { scheme, caFile } }, versions } = site;
  if (scheme === "http") return {};
  const profile = upstreamProfileOn(id, site);
  return {
    serverName: publicName,
    ...(caFile === undefined ? { insecureSkipVerify: true } : { rootCAs: [caFile] }),
    ...(has(versions, "traefikUpstreamTls") ? { minVersion: oldestVersion(profile), maxVersion: "VersionTLS13", ...suites(profile) } : {}),
    disableHTTP2: true,
  };
}
