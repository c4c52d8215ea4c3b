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

/** certbot's webroot method proves single names; three wildcards over every domain cannot be asked for. */
export const certbotNames: Rule = {
  reads: ["/tls/issuer", "/mail_domains"],
  check: ({ description: { tls, mail_domains } }) =>
    tls.issuer === "certbot" && mail_domains === undefined
      ? [{ code: "certbot-wildcard", arguments: {}, place: { pointer: "/tls/issuer", on: "value" } }]
      : [],
};

/** acme-mailcow writes to mailcow's own disk. */
export const certificateHost: Rule = {
  reads: ["/tls/issuer", "/proxy/upstream/address", "/mailcow/directory"],
  check: (checked) =>
    checked.site.tls.issuer === "mailcow" && !proxySharesHost(checked)
      ? [{ code: "certificate-elsewhere", arguments: { certificate: checked.site.tls.certificate }, place: { pointer: "/proxy/upstream/address", on: "value" } }]
      : [],
};
