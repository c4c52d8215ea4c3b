/** Checks that mail_domains lists the domains of addresses, and not the names of hosts. */
import { toHostName } from "../core/host-name.ts";
import { nameEntry } from "../core/description/name-entry.ts";
import type { Problem } from "../core/problems/problem.ts";
import { isDiscoveryLabel } from "../core/site/discovery.ts";
import type { Rule } from "./rule.ts";

/** mailcow refuses a mailbox domain that is its own hostname (domain_matches_hostname in its web interface). */
export const hostnameAsMailDomain: Rule = {
  reads: ["/hostname"],
  check: ({ site, description: { mail_domains: mailDomains = [] } }) =>
    mailDomains.flatMap((domain, index): Problem[] =>
      canonical(domain) === site.hostname ? [{ code: "mail-domain-hostname", arguments: { domain: site.hostname, parent: parentOf(site.hostname) }, place: { pointer: `/mail_domains/${index}`, on: "value" } }] : [],
    ),
};

/** Labels that hosts of a mail system have. A domain of addresses can have one, too, so they count only beside their parent. */
const hostLabels: ReadonlySet<string> = new Set(["imap", "mail", "mx", "pop", "pop3", "smtp", "webmail"]);

export const hostAsMailDomain: Rule = {
  reads: ["/hostname"],
  check({ site, description: { mail_domains: mailDomains = [], additional_server_names: additional, certificate_names: certificate } }) {
    const listed = new Set([...additional, ...certificate].map(nameEntry).flatMap(({ kind, text }) => (kind === "name" ? [text] : [])));
    const domains = mailDomains.map(canonical);
    const parents = new Set([...domains, parentOf(site.hostname)]);
    return domains.flatMap((domain, index): Problem[] => {
      const [label = ""] = domain.split(".", 1);
      const parent = parentOf(domain);
      const isHost = isDiscoveryLabel(label) || listed.has(domain) || (hostLabels.has(label) && parents.has(parent));
      if (!isHost || domain === site.hostname) return [];
      return [{ code: "mail-domain-host", arguments: { domain, parent }, place: { pointer: `/mail_domains/${index}`, on: "value" } }];
    });
  },
};

function canonical(text: string): string {
  const result = toHostName(text);
  return "fault" in result ? text : result.name;
}

function parentOf(name: string): string {
  return name.slice(name.indexOf(".") + 1);
}
