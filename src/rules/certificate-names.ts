/** Described names that a certificate is not for, each where it is described. */
import type { Problem } from "../core/problems/problem.ts";
import { isDiscoveryLabel } from "../core/site/resolve.ts";
import { describedNames } from "./described-names.ts";
import type { Resolved } from "./rule.ts";

/** @param names what the certificate is for, in lower case, wildcards included */
export function missingNames({ site, description }: Resolved, names: readonly string[]): Problem[] {
  const { certificate } = site.tls;
  const has = new Set(names);
  // Mail domains that have certificates of their own need nothing of this one.
  const elsewhere = new Set(site.tls.domains.flatMap((domain) => [...domain.names, ...domain.unserved]));
  const lacking = (wanted: readonly string[]) => wanted.filter((name) => !has.has(name) && !has.has(wildcardOf(name)) && !elsewhere.has(name));
  // Which domains have these names is not said, so that one of any domain will do.
  const ofNoDomain = (label: string) => !names.some((name) => name.startsWith(`${label}.`) || name.startsWith("*."));
  const prefixes = site.names.prefixes.filter((prefix) => isDiscoveryLabel(prefix) && ofNoDomain(prefix));
  return [
    ...lacking([site.hostname]).map((name) => nameMissing(certificate, name, names, "/hostname")),
    ...(prefixes.length === 0 ? [] : [discoveryMissing(certificate, prefixes.map((prefix) => `${prefix}.*`), "/hostname")]),
    ...describedNames(description).flatMap(({ asked, pointer, names: wanted, everyDomain }): Problem[] => {
      if (everyDomain !== undefined) return ofNoDomain(everyDomain.slice(0, -2)) ? [nameMissing(certificate, everyDomain, names, pointer)] : [];
      const missing = lacking(wanted);
      if (asked) return missing.map((name) => nameMissing(certificate, name, names, pointer));
      return missing.length === 0 ? [] : [discoveryMissing(certificate, missing, pointer)];
    }),
  ];
}

function nameMissing(certificate: string, name: string, names: readonly string[], pointer: string): Problem {
  return { code: "certificate-name", arguments: { certificate, name, names }, place: { pointer, on: "value" } };
}

/** A warning: not every mail domain has these names in the DNS, and a certificate is for none that it has not. */
function discoveryMissing(certificate: string, names: readonly string[], pointer: string): Problem {
  return { code: "certificate-discovery", arguments: { certificate, names }, place: { pointer, on: "value" } };
}

/** The wildcard that is for a name too: it stands for one label (RFC 9525, section 6.3). */
function wildcardOf(name: string): string {
  return `*${name.slice(name.indexOf("."))}`;
}
