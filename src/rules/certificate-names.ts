/** Finds names that the certificate is not valid for, and reports each at its place in the description. */
import type { Problem } from "../core/problems/problem.ts";
import { isDiscoveryLabel } from "../core/site/discovery.ts";
import type { Description } from "../generated/description.ts";
import { describedNames } from "./described-names.ts";
import type { Resolved } from "./rule.ts";

/** @param names the names of the certificate in lower case, including wildcards */
export function missingNames({ site, description }: Resolved, names: readonly string[]): Problem[] {
  const { certificate } = site.tls;
  const has = new Set(names);
  // Mail domains with their own certificates do not need names in this one.
  const elsewhere = new Set(site.tls.domains.flatMap((domain) => [...domain.names, ...domain.unserved]));
  const lacking = (wanted: readonly string[]) => wanted.filter((name) => !has.has(name) && !has.has(wildcardOf(name)) && !elsewhere.has(name));
  const served = description.serve_hostname ? [site.hostname] : [];
  // The domains are not known, so a name of any domain is enough.
  const ofNoDomain = (label: string) => !names.some((name) => name.startsWith(`${label}.`) || name.startsWith("*."));
  const prefixes = site.names.prefixes.filter((prefix) => isDiscoveryLabel(prefix) && ofNoDomain(prefix));
  return [
    ...lacking(served).map((name) => nameMissing(certificate, name, names, "/hostname")),
    ...(prefixes.length === 0 ? [] : [discoveryMissing(certificate, prefixes.map((prefix) => `${prefix}.*`), "/hostname")]),
    ...describedNames(withCertificateNames(description)).flatMap(({ asked, pointer, names: wanted, everyDomain }): Problem[] => {
      if (everyDomain !== undefined) return ofNoDomain(everyDomain.slice(0, -2)) ? [nameMissing(certificate, everyDomain, names, pointer)] : [];
      const missing = lacking(wanted);
      if (asked) return missing.map((name) => nameMissing(certificate, name, names, pointer));
      return missing.length === 0 ? [] : [discoveryMissing(certificate, missing, pointer)];
    }),
  ];
}

/** With a certificate of its own, acme-mailcow has the names that are not served. */
function withCertificateNames(description: Description): Description {
  return description.tls.acme_mailcow ? { ...description, certificate_names: [] } : description;
}

function nameMissing(certificate: string, name: string, names: readonly string[], pointer: string): Problem {
  return { code: "certificate-name", arguments: { certificate, name, names }, place: { pointer, on: "value" } };
}

/** Only a warning: a mail domain without these names in the DNS cannot have them in a certificate. */
function discoveryMissing(certificate: string, names: readonly string[], pointer: string): Problem {
  return { code: "certificate-discovery", arguments: { certificate, names }, place: { pointer, on: "value" } };
}

/** The wildcard that covers a name: the asterisk stands for one label (RFC 9525, section 6.3). */
function wildcardOf(name: string): string {
  return `*${name.slice(name.indexOf("."))}`;
}
