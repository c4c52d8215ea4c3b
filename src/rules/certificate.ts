/** Checks the certificate's issuer and the keys that depend on it. */
import { certbotNames as namesOf } from "../core/site/certbot-order.ts";
import { hostKeys } from "../core/site/same-host.ts";
import type { Rule } from "./rule.ts";

export const certificateFiles: readonly Rule[] = (["certificate", "key"] as const).map((key) => ({
  reads: ["/hostname", "/tls/issuer", `/tls/${key}`, "/proxy/tls_ends"],
  check({ site, description: { tls } }) {
    // Then all keys of the certificate are reported.
    if (site.proxy.tlsBefore) return [];
    const given = tls[key] !== undefined;
    if (tls.issuer === "files" && !given) {
      return [{ code: "certificate-missing", arguments: { key, hostname: site.hostname }, place: { pointer: "/tls/issuer", on: "value" } }];
    }
    if (tls.issuer !== "files" && given) {
      return [{ code: "certificate-unused", arguments: { key, issuer: tls.issuer }, place: { pointer: `/tls/${key}`, on: "key" } }];
    }
    return [];
  },
}));

/** Keys that not every issuer uses. */
export const issuerKeys: readonly Rule[] = ([["email", ["certbot", "proxy"]], ["deploy", ["certbot"]], ["certbot_host", ["certbot"]], ["sni", ["mailcow"]], ["certificate_resolver", ["proxy"]], ["acme_mailcow", ["files", "certbot", "proxy"]]] as const).map(([key, wanted]) => ({
  reads: ["/tls/issuer", `/tls/${key}`, "/proxy/tls_ends"],
  check({ site, description: { tls } }) {
    if (site.proxy.tlsBefore) return [];
    const given = { email: tls.email !== undefined, deploy: tls.deploy !== "copy", certbot_host: tls.certbot_host !== "proxy", sni: tls.sni, certificate_resolver: tls.certificate_resolver !== "letsencrypt", acme_mailcow: tls.acme_mailcow }[key];
    if (wanted.some((issuer) => issuer === tls.issuer) || !given) return [];
    return [{ code: "issuer-unused", arguments: { key, issuer: tls.issuer, wanted }, place: { pointer: `/tls/${key}`, on: "key" } }];
  },
}));

/** Certificates of domains need a list of the domains, because the proxy's configuration names each certificate. */
export const sniDomains: Rule = {
  reads: ["/tls/issuer", "/tls/sni", "/mail_domains", "/proxy/tls_ends"],
  check: ({ site, description: { tls, mail_domains } }) =>
    !site.proxy.tlsBefore && tls.issuer === "mailcow" && tls.sni && mail_domains === undefined
      ? [{ code: "sni-wildcard", arguments: {}, place: { pointer: "/tls/sni", on: "value" } }]
      : [],
};

/** The most lines that virtual hosts may repeat. Servers would load more too slowly. */
const maxRepeated = 100_000;

/** Each certificate has its own virtual host, which repeats networks that cannot be set once for the whole server. */
export const sniRepeats: Rule = {
  reads: ["/tls/sni", "/mail_domains", "/proxy/trusted_proxies", "/access"],
  check({ site: { tls, proxy: { trustedProxies }, access } }) {
    const networks = trustedProxies.length + access.reduce((sum, { allow, names }) => sum + allow.length + names.length, 0);
    const count = tls.domains.length * networks;
    if (count <= maxRepeated) return [];
    return [{ code: "sni-repeats", arguments: { domains: tls.domains.length, networks, count, limit: maxRepeated }, place: { pointer: "/tls/sni", on: "value" } }];
  },
};

/** The script that copies the proxy's certificates to mailcow runs on their common host. */
export const proxyElsewhere: Rule = {
  reads: ["/tls/issuer", "/tls/acme_mailcow", "/proxy/tls_ends", ...hostKeys],
  check: ({ site: { proxy, tls } }) =>
    tls.issuer === "proxy" && !tls.acmeMailcow && !proxy.tlsBefore && (!proxy.sharesHost || proxy.isContainer)
      ? [{ code: "issuer-proxy-elsewhere", arguments: { container: proxy.isContainer }, place: { pointer: "/tls/issuer", on: "value" } }]
      : [],
};

/** The authority asks on the usual ports, whatever ports clients use. Those that others are mapped to have a key for https only. */
export const proxyPorts: Rule = {
  reads: ["/tls/issuer", "/proxy/http_port", "/proxy/https_port", "/proxy/public_https_port", "/proxy/tls_ends"],
  check({ site: { proxy, tls }, description: { proxy: { public_https_port: mapped } } }) {
    if (tls.issuer !== "proxy" || proxy.tlsBefore) return [];
    return [
      { scheme: "http", port: mapped === 443 ? 80 : proxy.publicHttpPort, wanted: 80, pointer: "/proxy/http_port" } as const,
      { scheme: "https", port: proxy.publicHttpsPort, wanted: 443, pointer: mapped === undefined ? "/proxy/https_port" : "/proxy/public_https_port" } as const,
    ].filter(({ port, wanted }) => port !== wanted).map(({ pointer, ...facts }) => ({ code: "issuer-proxy-port", arguments: facts, place: { pointer, on: "value" } }));
  },
};

/** The certificates of mail domains are found by a script on the host, which then reloads the server there. */
export const sniContainer: Rule = {
  reads: ["/tls/issuer", "/tls/sni", "/proxy/upstream/address", "/proxy/tls_ends"],
  check: ({ site: { proxy }, description: { tls } }) =>
    proxy.isContainer && !proxy.tlsBefore && tls.issuer === "mailcow" && tls.sni ? [{ code: "sni-container", arguments: {}, place: { pointer: "/tls/sni", on: "value" } }] : [],
};

/** The most names in a certificate, see https://letsencrypt.org/docs/rate-limits/. */
const maxNames = 100;

export const certbotLimit: Rule = {
  reads: ["/tls/issuer", "/tls/acme_mailcow", "/hostname", "/mail_domains", "/discovery", "/additional_server_names", "/certificate_names", "/other_sites", "/proxy/tls_ends"],
  check({ site }) {
    const { tls, proxy } = site;
    const count = namesOf(site).exact.length;
    if (proxy.tlsBefore || tls.issuer !== "certbot" || count <= maxNames) return [];
    return [{ code: "certbot-names", arguments: { count, limit: maxNames }, place: { pointer: "/tls/issuer", on: "value" } }];
  },
};

/** certbot's webroot method proves only single names, so the mail domains must be listed. */
export const certbotNames: Rule = {
  reads: ["/tls/issuer", "/tls/acme_mailcow", "/mail_domains", "/discovery", "/proxy/tls_ends"],
  check: ({ site }) =>
    !site.proxy.tlsBefore && site.tls.issuer === "certbot" && namesOf(site).prefixes.length > 0
      ? [{ code: "certbot-wildcard", arguments: { name: undefined }, place: { pointer: "/tls/issuer", on: "value" } }]
      : [],
};

/** On one host there is nothing to choose. */
export const certbotHost: Rule = {
  reads: ["/tls/issuer", "/tls/certbot_host", ...hostKeys, "/proxy/tls_ends"],
  check: ({ site: { tls, proxy }, description }) =>
    !proxy.tlsBefore && tls.issuer === "certbot" && proxy.sharesHost && description.tls.certbot_host === "mailcow"
      ? [{ code: "certbot-host-unused", arguments: {}, place: { pointer: "/tls/certbot_host", on: "key" } }]
      : [],
};

/** Keys of the copy that mailcow does not get when acme-mailcow keeps a certificate of its own. */
export const copyKeys: readonly Rule[] = (["deploy", "certbot_host"] as const).map((key) => ({
  reads: ["/tls/issuer", "/tls/acme_mailcow", `/tls/${key}`, ...hostKeys, "/proxy/tls_ends"],
  check({ site: { proxy }, description: { tls } }) {
    const given = { deploy: tls.deploy !== "copy", certbot_host: tls.certbot_host !== "proxy" && !proxy.sharesHost }[key];
    if (proxy.tlsBefore || tls.issuer !== "certbot" || !tls.acme_mailcow || !given) return [];
    return [{ code: "acme-mailcow-unused", arguments: { key }, place: { pointer: `/tls/${key}`, on: "key" } }];
  },
}));
