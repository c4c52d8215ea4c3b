/** Checks for TLS that ends in a proxy in front: what that needs, and what then has no effect. */
import { isLoopback, isPublic, parseNetwork } from "../core/network.ts";
import { presetOf } from "../core/site/presets.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Description } from "../generated/description.ts";
import type { Rule } from "./rule.ts";

/** Anybody could say that a request came over https. */
export const tlsBeforePeers: Rule = {
  reads: ["/proxy/tls_ends", "/proxy/trusted_proxies"],
  check: ({ site: { proxy } }) =>
    proxy.tlsBefore && proxy.trustedProxies.length === 0 ? [{ code: "tls-before-nobody", arguments: {}, place: { pointer: "/proxy/tls_ends", on: "value" } }] : [],
};

export const tlsBeforeProtocol: Rule = {
  reads: ["/proxy/tls_ends", "/proxy/proxy_protocol/accept"],
  check: ({ site: { proxy } }) =>
    proxy.tlsBefore && proxy.proxyProtocol.accept ? [{ code: "tls-before-protocol", arguments: {}, place: { pointer: "/proxy/proxy_protocol/accept", on: "value" } }] : [],
};

/** Keys that only a proxy with TLS uses, and whether the description sets them to something. */
const unused: Readonly<Record<string, (description: Description) => boolean>> = {
  "/proxy/https_port": ({ proxy }) => proxy.https_port !== 443,
  "/tls/issuer": ({ tls }) => tls.issuer !== "mailcow",
  "/tls/certificate": ({ tls }) => tls.certificate !== undefined,
  "/tls/key": ({ tls }) => tls.key !== undefined,
  "/tls/sni": ({ tls }) => tls.sni,
  "/tls/email": ({ tls }) => tls.email !== undefined,
  "/tls/certificate_resolver": ({ tls }) => tls.certificate_resolver !== "letsencrypt",
  "/tls/deploy": ({ tls }) => tls.deploy !== "copy",
  "/tls/certbot_host": ({ tls }) => tls.certbot_host !== "proxy",
  // TLS to mailcow has the same profile.
  "/tls/profile": ({ tls, proxy }) => tls.profile !== "intermediate" && proxy.upstream.scheme === "http",
  "/tls/groups": ({ tls, proxy }) => tls.groups !== undefined && proxy.upstream.scheme === "http",
};

export const tlsBeforeUnused: readonly Rule[] = Object.entries(unused).map(([pointer, isGiven]) => ({
  reads: ["/proxy/tls_ends", "/proxy/upstream/scheme", pointer],
  check: ({ site: { proxy }, description }) =>
    proxy.tlsBefore && isGiven(description) ? [{ code: "tls-before-unused", arguments: { key: pointer.slice(1).replaceAll("/", ".") }, place: { pointer, on: "key" } }] : [],
}));

/** A trusted peer can say any client address, and that plain HTTP was https. */
export const tlsBeforeTrust: Rule = {
  // Each entry is checked by itself; invalid entries have already been reported.
  reads: ["/proxy/tls_ends"],
  check: ({ site, description: { proxy } }) =>
    !site.proxy.tlsBefore
      ? []
      : proxy.trusted_proxies.flatMap((text, index): Problem[] => {
          const place = { pointer: `/proxy/trusted_proxies/${index}`, on: "value" } as const;
          const network = parseNetwork(text);
          if (presetOf(text) !== undefined || (network !== undefined && isPublic(network))) return [{ code: "tls-before-public", arguments: { network: text }, place }];
          return network !== undefined && isLoopback(network) ? [{ code: "trusts-host", arguments: { network: text }, place }] : [];
        }),
};
