/** Decides which names certbot orders, and how it proves them. */
import type { Names, Site } from "./site.ts";

/** The names of certbot's certificate. Prefixes stand for names in every domain, which it cannot order. */
export function certbotNames({ names, challengeNames, otherSites, tls }: Site): Names {
  // With a certificate of its own, acme-mailcow has the names that the proxy does not serve.
  const unserved = tls.acmeMailcow ? { exact: [], prefixes: [] } : challengeNames;
  return { exact: [...names.exact, ...otherSites, ...unserved.exact], prefixes: [...names.prefixes, ...unserved.prefixes] };
}

/**
 * The folder for the answers to challenges, on the host that certbot runs on: the one that the proxy answers from, or else
 * mailcow's. Undefined where mailcow's is on the other host, so that the answers go there over SSH.
 */
export function certbotWebroot({ mailcow, proxy, tls }: Site): string | undefined {
  if (tls.transfer === "fetch") return `${mailcow.directory}/data/web`;
  return tls.acmeWebroot ?? (proxy.sharesHost ? `${mailcow.directory}/data/web` : undefined);
}
