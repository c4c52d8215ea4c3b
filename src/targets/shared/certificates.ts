/** The certificates of a site, each with the names that are served with it. */
import type { Names, Site } from "../../core/site/site.ts";

interface ServedCertificate {
  readonly names: Names;
  /** PEM files: certificate and chain, and key. */
  readonly certificate: string;
  readonly key: string;
}

/** The host's own certificate, which is for all names that no mail domain has one of its own for, and then those. */
export function certificatesOf({ names, tls }: Site): [ServedCertificate, ...ServedCertificate[]] {
  const elsewhere = new Set(tls.domains.flatMap((domain) => domain.names));
  const own = { exact: names.exact.filter((name) => !elsewhere.has(name)), prefixes: names.prefixes };
  return [
    { names: own, certificate: tls.certificate, key: tls.key },
    ...tls.domains.map((domain) => ({ names: { exact: domain.names, prefixes: [] }, certificate: domain.certificate, key: domain.key })),
  ];
}
