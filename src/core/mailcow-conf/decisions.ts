/** What mailcow.conf has to say for a site: the one decision, which the target's template shows and `merge` sets. */
import type { Site } from "../site.ts";

export type Decision =
  /** The key has this value. */
  | { readonly kind: "set"; readonly value: string }
  /** The key's list, separated by commas, has these names among others. */
  | { readonly kind: "include"; readonly names: readonly string[] }
  /** The description asks for nothing: where another value stands, mailcow's default replaces it; `option` would keep it. */
  | { readonly kind: "clear"; readonly value: string; readonly option: string }
  /** Whatever stands there stays. */
  | { readonly kind: "leave" };

const set = (value: string | number): Decision => ({ kind: "set", value: String(value) });
const list = (names: readonly string[], option: string): Decision =>
  names.length > 0 ? set(names.join(",")) : { kind: "clear", value: "", option };

/** A decision on every key there is one on, by mailcow's name for it. */
export function decide(site: Site) {
  const { mailcow, additionalServerNames: names } = site;
  const ownCertificates = site.tls.issuer === "mailcow";
  return {
    MAILCOW_HOSTNAME: set(site.hostname),
    HTTP_BIND: set(mailcow.http.address),
    HTTP_PORT: set(mailcow.http.port),
    HTTPS_BIND: set(mailcow.https.address),
    HTTPS_PORT: set(mailcow.https.port),
    // The proxy redirects. If mailcow did so too, behind plain HTTP, the redirect would never end.
    HTTP_REDIRECT: set("n"),
    ADDITIONAL_SERVER_NAMES: list(names, "additional_server_names"),
    ADDITIONAL_SAN: ownCertificates && names.length > 0 ? { kind: "include", names } : { kind: "leave" },
    TRUSTED_PROXIES: list(site.addresses, "proxy.addresses"),
    // Switching acme-mailcow on would let it replace certificate files, which is not for this tool to begin.
    SKIP_LETS_ENCRYPT: ownCertificates ? { kind: "leave" } : set("y"),
    // Without it a mailcow that has it keeps it: its mail clients may need the certificates.
    ENABLE_SSL_SNI: site.tls.domains.length > 0 ? set("y") : { kind: "leave" },
    // A mailcow that expects PROXY protocol answers nobody who does not speak it.
    NGINX_USE_PROXY_PROTOCOL: site.proxyProtocol.send ? set("y") : { kind: "clear", value: "n", option: "proxy.proxy_protocol.send" },
  } satisfies Record<string, Decision>;
}

export type ConfKey = keyof ReturnType<typeof decide>;

/** Whether mailcow takes a value for yes. */
export function isYes(value: string): boolean {
  return /^(?:y|yes)$/i.test(value);
}
