/** The certificates of a site, each with the names that it serves. */
import type { Names, Site } from "../../core/site/site.ts";

export interface ServedCertificate {
  readonly names: Names;
  /** PEM files: the certificate with its chain, and the key. */
  readonly certificate: string;
  readonly key: string;
}

/** The copy that web servers read of the host's certificate or of a mail domain's, where they need one. A domain's name has a dot. */
export function copyOf({ tls: { copies } }: Site, name = "proxy"): string | undefined {
  return copies === undefined ? undefined : `${copies}/${name}.pem`;
}

/** The folder and the first copy, for the head of the file, or null where no copies are needed. */
export function copiesView(site: Site) {
  const { certificate, key, copies: folder } = site.tls;
  return folder === undefined ? null : { folder, certificate, key, file: copyOf(site) };
}

/** The host's certificate, for all names without a certificate of their mail domain, then the certificates of mail domains. */
export function certificatesOf(site: Site): [ServedCertificate, ...ServedCertificate[]] {
  const { names, tls } = site;
  const elsewhere = new Set(tls.domains.flatMap((domain) => domain.names));
  const own = { exact: names.exact.filter((name) => !elsewhere.has(name)), prefixes: names.prefixes };
  return [
    { names: own, certificate: copyOf(site) ?? tls.certificate, key: copyOf(site) ?? tls.key },
    ...tls.domains.map(({ domain, names: served, certificate, key }) => ({
      names: { exact: served, prefixes: [] },
      certificate: copyOf(site, domain) ?? certificate,
      key: copyOf(site, domain) ?? key,
    })),
  ];
}
