/** The names below a mail domain that mail clients and mail servers look up. */
import type { DiscoveryLabel, Names, Site } from "./site.ts";

/** In the order in which acme-mailcow orders their names. */
const labels: readonly DiscoveryLabel[] = ["autodiscover", "autoconfig", "mta-sts"];

/** Whether mailcow itself serves this label before every mail domain. */
export function isDiscoveryLabel(label: string): boolean {
  return labels.some((own) => own === label);
}

/** The labels that the proxy serves: those of `discovery`, and those that additional_server_names has as `autodiscover.*`. */
export function discoveryOf(asked: readonly string[], additional: readonly string[]): DiscoveryLabel[] {
  return labels.filter((label) => asked.includes(label) || additional.includes(label));
}

/** Whether the proxy serves discovery names of any domain. */
export function servesDiscovery({ exact, prefixes }: Names): boolean {
  return prefixes.some(isDiscoveryLabel) || exact.some((name) => isDiscoveryLabel(name.split(".", 1).join("")));
}

/** Whether acme-mailcow has to order discovery names of mail domains, for the proxy or only for the certificate. */
export function ordersDiscovery({ discovery, certificateNames }: Pick<Site, "discovery" | "certificateNames">): boolean {
  return discovery.length > 0 || certificateNames.some((text) => text.endsWith(".*") && isDiscoveryLabel(text.slice(0, -2)));
}
