/** The certificates of a site, each with the names that it serves. */
import type { Names, Site } from "../../core/site/site.ts";

interface ServedCertificate {
  readonly names: Names;
  /** PEM files: the certificate with its chain, and the key. */
  readonly certificate: string;
  readonly key: string;
}

/** The host's certificate, for all names without a certificate of their mail domain, then the certificates of mail domains. */
export function certificatesOf({ names, tls }: Site): [ServedCertificate, ...ServedCertificate[]] {
  const elsewhere = new Set(tls.domains.flatMap((domain) => domain.names));
  const own = { exact: names.exact.filter((name) => !elsewhere.has(name)), prefixes: names.prefixes };
  return [
    { names: own, certificate: tls.certificate, key: tls.key },
    ...tls.domains.map((domain) => ({ names: { exact: domain.names, prefixes: [] }, certificate: domain.certificate, key: domain.key })),
  ];
}
