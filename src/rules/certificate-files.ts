/** Checks the files of a certificate and its key. Not one of the rules; used only with --files. */
import type { Certificate, CertificateFacts, Content, FileFault, Key } from "../core/site/certificate-facts.ts";
import type { CertificateOrigin, Issuer, Place, Problem } from "../core/problems/problem.ts";
import { missingNames } from "./certificate-names.ts";
import type { Resolved } from "./rule.ts";

const day = 24 * 60 * 60 * 1000;

/**
 * Whether a renewal is overdue. ACME clients renew when a third of the lifetime is left, so something has failed when only a
 * quarter is left: 22 days of 90, 11 of 45, a day and a half of 6. There is no warning earlier than 30 days before the end.
 */
function renewalIsLate({ notBefore, notAfter }: Certificate, now: number): boolean {
  return notAfter - now < Math.min((notAfter - notBefore) / 4, 30 * day);
}

/** @param now milliseconds since 1970 */
export function certificateProblems(checked: Resolved, { webroot, ...files }: CertificateFacts, now: number): Problem[] {
  return [...ofFiles(checked, files, now), ...ofWebroot(checked, webroot)];
}

function ofWebroot({ site: { tls: { acmeWebroot = "" } } }: Resolved, closed: CertificateFacts["webroot"]): Problem[] {
  if (closed === undefined) return [];
  return [{ code: "acme-webroot-closed", arguments: { webroot: acmeWebroot, ...closed }, place: { pointer: "/tls/acme_webroot", on: "value" } }];
}

function ofFiles(checked: Resolved, { certificate, key }: Omit<CertificateFacts, "webroot">, now: number): Problem[] {
  const { tls } = checked.site;
  const place = (which: "certificate" | "key"): Place => ({ pointer: pointers[tls.issuer][which], on: "value" });
  if ("instead" in certificate && "instead" in key && certificate.instead === "key" && key.instead === "certificate") {
    return [{ code: "certificate-swapped", arguments: { certificate: tls.certificate, key: tls.key }, place: place("certificate") }];
  }
  return [
    "found" in certificate ? ofCertificate(checked, certificate.found, now, place("certificate")) : ofFile(checked, "certificate", certificate, place("certificate")),
    "found" in key ? ofKey(checked, key.found, place("key")) : ofFile(checked, "key", key, place("key")),
  ].flat();
}

/** The keys that select the files. mailcow's files are the default, so their problems are shown at the hostname. */
const pointers: Record<Issuer, { readonly certificate: string; readonly key: string }> = {
  files: { certificate: "/tls/certificate", key: "/tls/key" },
  certbot: { certificate: "/tls/issuer", key: "/tls/issuer" },
  proxy: { certificate: "/tls/issuer", key: "/tls/issuer" },
  mailcow: { certificate: "/hostname", key: "/hostname" },
};

function originOf({ issuer, transfer }: Resolved["site"]["tls"]): CertificateOrigin {
  return transfer === "fetch" ? "fetched" : issuer;
}

function ofFile({ site: { tls } }: Resolved, wanted: "certificate" | "key", is: { readonly fault: FileFault } | { readonly instead: Content }, place: Place): Problem[] {
  const file = tls[wanted];
  if ("instead" in is) return [{ code: "certificate-content", arguments: { file, wanted, instead: is.instead }, place }];
  if (is.fault.kind === "unreadable") return [{ code: "certificate-unread", arguments: { file, reason: is.fault.reason }, place }];
  return [{ code: "certificate-file", arguments: { file, fault: is.fault.kind, origin: originOf(tls) }, place }];
}

function ofKey({ site: { tls } }: Resolved, { encrypted, belongs, exposed }: Key, place: Place): Problem[] {
  const { certificate, key } = tls;
  const problems: Problem[] = [];
  if (encrypted) problems.push({ code: "certificate-key-encrypted", arguments: { key }, place });
  if (belongs === false) problems.push({ code: "certificate-key", arguments: { certificate, key }, place });
  if (exposed !== undefined) problems.push({ code: "certificate-key-exposed", arguments: { key, mode: exposed }, place });
  return problems;
}

function ofCertificate(checked: Resolved, found: Certificate, now: number, place: Place): Problem[] {
  const { certificate } = checked.site.tls;
  // mailcow's self-signed certificate is only a placeholder, so its names and dates do not matter.
  if (found.placeholder) return [{ code: "certificate-self-signed", arguments: { certificate, placeholder: true }, place }];
  const problems: Problem[] = [];
  if (found.position > 0) problems.push({ code: "certificate-order", arguments: { certificate, position: found.position }, place });
  if (found.issuer === "itself") problems.push({ code: "certificate-self-signed", arguments: { certificate, placeholder: false }, place });
  if (found.issuer === "absent") problems.push({ code: "certificate-chain", arguments: { certificate }, place });
  return [...problems, ...ofDates(checked, found, now, place), ...missingNames(checked, found.names)];
}

function ofDates({ site: { tls } }: Resolved, found: Certificate, now: number, place: Place): Problem[] {
  const { certificate } = tls;
  const origin = originOf(tls);
  const { notBefore, notAfter } = found;
  if (now < notBefore) return [{ code: "certificate-not-yet-valid", arguments: { certificate, from: notBefore, now }, place }];
  if (now > notAfter) return [{ code: "certificate-expired", arguments: { certificate, until: notAfter, now, origin }, place }];
  return renewalIsLate(found, now) ? [{ code: "certificate-expires", arguments: { certificate, until: notAfter, now, origin }, place }] : [];
}
