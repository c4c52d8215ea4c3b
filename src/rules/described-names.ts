/** Lists the names that each entry of a description stands for, served or only in the certificate. */
import { toHostName } from "../core/host-name.ts";
import { nameEntry } from "../core/description/name-entry.ts";
import { discoveryOf } from "../core/site/discovery.ts";
import { before } from "../core/site/resolve.ts";
import type { Resolved } from "./rule.ts";

export interface DescribedNames {
  readonly pointer: string;
  /** In lower case and with A-labels, including wildcards in certificate_names. */
  readonly names: readonly string[];
  /** Whether the names are listed explicitly, and do not just follow from a mail domain. */
  readonly asked: boolean;
  /** A label of every domain, such as `imap.*`, when there is no list of mail domains. */
  readonly everyDomain?: string;
}

/** The names of all list entries. The hostname is not included. Labels of every domain are also the site's prefixes. */
export function describedNames({ mail_domains: mailDomains, discovery, additional_server_names: additional, certificate_names: certificate, other_sites: otherSites }: Resolved["description"]): DescribedNames[] {
  const domains = (mailDomains ?? []).map(canonical);
  const entries = (key: "additional_server_names" | "certificate_names", texts: readonly string[]) =>
    texts.map((text, index): DescribedNames => {
      const entry = nameEntry(text);
      const pointer = `/${key}/${index}`;
      if (entry.kind !== "label") return { pointer, names: [entry.text], asked: true };
      return { pointer, names: domains.map((domain) => `${entry.label}.${domain}`), asked: true, ...(mailDomains === undefined ? { everyDomain: entry.text } : {}) };
    });
  return [
    ...domains.map((domain, index): DescribedNames => ({ pointer: `/mail_domains/${index}`, names: before(discoveryOf(discovery, []), domain), asked: false })),
    ...entries("additional_server_names", additional),
    ...entries("certificate_names", certificate),
    ...otherSites.map((text, index): DescribedNames => ({ pointer: `/other_sites/${index}`, names: [canonical(text)], asked: true })),
  ];
}

function canonical(text: string): string {
  const result = toHostName(text);
  return "fault" in result ? text : result.name;
}
