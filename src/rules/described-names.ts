/** Which key or entry of a description makes which names: served, or in the certificate only. */
import { toHostName } from "../core/host-name.ts";
import { nameEntry } from "../core/description/name-entry.ts";
import { discoveryNames } from "../core/site/resolve.ts";
import type { Resolved } from "./rule.ts";

export interface DescribedNames {
  readonly pointer: string;
  /** In lower case, as A-labels; `*.example.org` of certificate_names, too. */
  readonly names: readonly string[];
  /** Whether the names were asked for by themselves, and do not just come with a mail domain. */
  readonly asked: boolean;
  /** A label of every domain, `imap.*`, where no mail domains say of which. */
  readonly everyDomain?: string;
}

/** The entries of the lists; the hostname is apart, and labels of every domain are the site's prefixes. */
export function describedNames({ mail_domains: mailDomains, additional_server_names: additional, certificate_names: certificate }: Resolved["description"]): DescribedNames[] {
  const domains = (mailDomains ?? []).map(canonical);
  const entries = (key: "additional_server_names" | "certificate_names", texts: readonly string[]) =>
    texts.map((text, index): DescribedNames => {
      const entry = nameEntry(text);
      const pointer = `/${key}/${index}`;
      if (entry.kind !== "label") return { pointer, names: [entry.text], asked: true };
      return { pointer, names: domains.map((domain) => `${entry.label}.${domain}`), asked: true, ...(mailDomains === undefined ? { everyDomain: entry.text } : {}) };
    });
  return [
    ...domains.map((domain, index): DescribedNames => ({ pointer: `/mail_domains/${index}`, names: discoveryNames(domain), asked: false })),
    ...entries("additional_server_names", additional),
    ...entries("certificate_names", certificate),
  ];
}

function canonical(text: string): string {
  const result = toHostName(text);
  return "fault" in result ? text : result.name;
}
