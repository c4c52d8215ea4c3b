/** What the files of targets need on the host. */
import type { CertificateFiles, Requirements } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { certificatesOf, copyOf } from "./certificates.ts";
import { reloadScriptOf } from "./reload-script.ts";

export const nothing: Requirements = { certificates: [], scripts: [], folders: [], modules: [] };

/** The requirements of a web server, which reads certificates from the issuer's own files or from copies. */
export function requirementsOf(site: Site): Requirements {
  if (site.proxy.tlsBefore) return nothing;
  const { certificate: original, key: itsKey, copies } = site.tls;
  if (copies !== undefined) return { ...nothing, certificates: [{ certificate: original, key: itsKey, combined: copyOf(site) }], scripts: scriptsOf([site]), folders: [copies] };
  const certificates = certificatesOf(site).map(({ certificate, key }): CertificateFiles => ({ certificate, key, combined: undefined }));
  return { ...nothing, certificates, scripts: scriptsOf([site]) };
}

/** The scripts that find the certificates of mail domains. */
export function scriptsOf(sites: readonly Site[]): string[] {
  return withDomains(sites).map(reloadScriptOf);
}

/** The sites whose mail domains have their own certificates. */
export function withDomains(sites: readonly Site[]): Site[] {
  return sites.filter(({ tls }) => tls.domains.length > 0);
}
