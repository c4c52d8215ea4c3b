/** The certificate has to come from where the issuer puts it. */
import type { Rule } from "./rule.ts";
import { proxySharesHost } from "./same-host.ts";

export const certificateFiles: readonly Rule[] = (["certificate", "key"] as const).map((key) => ({
  reads: ["/tls/issuer", `/tls/${key}`],
  check({ description: { tls } }) {
    const given = tls[key] !== undefined;
    if (tls.issuer === "files" && !given) {
      return [{ code: "certificate-missing", arguments: { key }, place: { pointer: "/tls/issuer", on: "value" } }];
    }
    if (tls.issuer !== "files" && given) {
      return [{ code: "certificate-unused", arguments: { key, issuer: tls.issuer }, place: { pointer: `/tls/${key}`, on: "key" } }];
    }
    return [];
  },
}));

/** Keys that one issuer alone reads. */
export const issuerKeys: readonly Rule[] = ([["email", "certbot"], ["deploy", "certbot"], ["sni", "mailcow"]] as const).map(([key, wanted]) => ({
  reads: ["/tls/issuer", `/tls/${key}`],
  check({ description: { tls } }) {
    const given = { email: tls.email !== undefined, deploy: tls.deploy !== "copy", sni: tls.sni }[key];
    if (tls.issuer === wanted || !given) return [];
    return [{ code: "issuer-unused", arguments: { key, issuer: tls.issuer, wanted }, place: { pointer: `/tls/${key}`, on: "key" } }];
  },
}));

/** Certificates of domains have to be named in the proxy's configuration. */
export const sniDomains: Rule = {
  reads: ["/tls/issuer", "/tls/sni", "/mail_domains"],
  check: ({ description: { tls, mail_domains } }) =>
    tls.issuer === "mailcow" && tls.sni && mail_domains === undefined
      ? [{ code: "sni-wildcard", arguments: {}, place: { pointer: "/tls/sni", on: "value" } }]
      : [],
};

/** Lines that virtual hosts may repeat; more would be a configuration that no server loads in good time. */
const maxRepeated = 100_000;

/** Each certificate has a virtual host of its own, which repeats what is not named once for the whole server. */
export const sniRepeats: Rule = {
  reads: ["/tls/sni", "/mail_domains", "/proxy/trusted_proxies", "/access"],
  check({ site: { tls, proxy: { trustedProxies }, access } }) {
    const networks = trustedProxies.length + access.reduce((sum, { allow }) => sum + allow.length, 0);
    const count = tls.domains.length * networks;
    if (count <= maxRepeated) return [];
    return [{ code: "sni-repeats", arguments: { domains: tls.domains.length, networks, count, limit: maxRepeated }, place: { pointer: "/tls/sni", on: "value" } }];
  },
};

/** Names in one certificate, see https://letsencrypt.org/docs/rate-limits/. */
const maxNames = 100;

export const certbotLimit: Rule = {
  reads: ["/tls/issuer", "/hostname", "/mail_domains", "/additional_server_names", "/certificate_names"],
  check({ site: { names, challengeNames, tls } }) {
    const count = names.exact.length + challengeNames.exact.length;
    if (tls.issuer !== "certbot" || count <= maxNames) return [];
    return [{ code: "certbot-names", arguments: { count, limit: maxNames }, place: { pointer: "/tls/issuer", on: "value" } }];
  },
};

/** certbot's webroot method proves single names; three wildcards over every domain cannot be asked for. */
export const certbotNames: Rule = {
  reads: ["/tls/issuer", "/mail_domains"],
  check: ({ description: { tls, mail_domains } }) =>
    tls.issuer === "certbot" && mail_domains === undefined
      ? [{ code: "certbot-wildcard", arguments: { name: undefined }, place: { pointer: "/tls/issuer", on: "value" } }]
      : [],
};

/** acme-mailcow writes to mailcow's own disk, certbot to that of the host it runs on; both hosts need the certificate. */
export const certificateHost: Rule = {
  reads: ["/tls/issuer", "/proxy/upstream/address", "/mailcow/directory"],
  check(checked) {
    const { certificate, issuer } = checked.site.tls;
    if (issuer === "files" || proxySharesHost(checked)) return [];
    return [{ code: "certificate-elsewhere", arguments: { certificate, issuer }, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
};
