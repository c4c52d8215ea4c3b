/** What the targets' files need on the host. */
import type { CertificateFiles, Requirements } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { certificatesOf } from "./certificates.ts";
import { reloadScriptOf } from "./reload-script.ts";

export const nothing: Requirements = { certificates: [], scripts: [], folders: [], modules: [] };

/** Of a server that reads certificates and keys where the site has them. */
export function requirementsOf(site: Site): Requirements {
  const certificates = certificatesOf(site).map(({ certificate, key }): CertificateFiles => ({ certificate, key, combined: undefined }));
  return { ...nothing, certificates, scripts: scriptsOf([site]) };
}

/** The scripts that find the certificates of mail domains. */
export function scriptsOf(sites: readonly Site[]): string[] {
  return withDomains(sites).map(reloadScriptOf);
}

/** Those whose mail domains have certificates of their own. */
export function withDomains(sites: readonly Site[]): Site[] {
  return sites.filter(({ tls }) => tls.domains.length > 0);
}
