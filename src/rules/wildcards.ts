/** Checks wildcards in certificate_names. */
import { nameEntry } from "../core/description/name-entry.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Rule } from "./rule.ts";

export const certbotWildcards: Rule = {
  // Each name is checked by itself.
  reads: ["/tls/issuer", "/tls/acme_mailcow", "/proxy/tls_ends"],
  check: ({ site, description: { tls, certificate_names } }) =>
    site.proxy.tlsBefore || tls.issuer !== "certbot" || tls.acme_mailcow
      ? []
      : certificate_names.flatMap((text, index): Problem[] => {
          const entry = nameEntry(text);
          return entry.kind === "wildcard" ? [{ code: "certbot-wildcard", arguments: { name: entry.text }, place: { pointer: `/certificate_names/${index}`, on: "value" } }] : [];
        }),
};

/** Let's Encrypt refuses an order with a wildcard and a name that it covers. */
export const coveredNames: Rule = {
  reads: [],
  check({ description: { certificate_names } }) {
    const entries = certificate_names.map(nameEntry);
    const wildcards = new Set(entries.flatMap((entry) => (entry.kind === "wildcard" ? [entry.domain] : [])));
    return entries.flatMap(({ kind, text }, index): Problem[] => {
      const domain = text.slice(text.indexOf(".") + 1);
      if (kind !== "name" || !wildcards.has(domain)) return [];
      return [{ code: "certificate-name-covered", arguments: { name: text, wildcard: `*.${domain}` }, place: { pointer: `/certificate_names/${index}`, on: "value" } }];
    });
  },
};
