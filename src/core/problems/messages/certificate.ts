/** Sentences on the files of a certificate and its key. */
import type { Content, FileFault } from "../../site/certificate-facts.ts";
import type { CertificateOrigin, CertificateProblems } from "../problem.ts";
import { beside, set } from "../edit.ts";
import { type Writers, warning } from "../writers.ts";

const hour = 60 * 60 * 1000;

/** A time to the minute, as in logs: `2026-11-25 07:30 UTC`. */
function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A time span in days or hours. */
function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / hour);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${hours} hours` : "less than two hours";
}

/** Up to three names for a sentence, and the number of the others. */
function some(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const [last = ""] = shown.slice(-1);
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

const faults: Record<Exclude<FileFault["kind"], "unreadable" | "missing">, string> = {
  folder: "is a folder",
  special: "is not a regular file",
  loop: "is a symbolic link that leads back to itself",
  "too-large": "is too large for a certificate or key",
};

const absent: Record<CertificateOrigin, string> = {
  fetched: "the script of the target systemd fetches it from mailcow's host; run it before you start the proxy",
  mailcow: "acme-mailcow creates it on mailcow's host; to see why it has not, run docker compose logs acme-mailcow",
  certbot: "get it with certbot before you start the proxy",
  proxy: "the proxy orders it",
  files: "write the path of the PEM file that the server should read",
};

const renewal: Record<CertificateOrigin, string> = {
  fetched: "to see why no new one was fetched, run the script of the target systemd that fetches it from mailcow's host",
  mailcow: "to see why it was not renewed, run docker compose logs acme-mailcow",
  certbot: "to see why it was not renewed, run certbot renew --dry-run",
  proxy: "to see why it was not renewed, read the log of the proxy",
  files: "renew it, or find out why its automatic renewal did not run",
};

function contents(wanted: "certificate" | "key", instead: Content): string {
  switch (instead) {
    case "empty":
      return "is empty";
    case "certificate":
    case "key":
      return `contains a ${instead} but no ${wanted}`;
    case "binary":
      return "is binary, but servers read PEM";
    case "damaged":
      return `contains a damaged ${wanted}`;
    case "other":
      return `contains no ${wanted} in PEM format`;
  }
}

function contentHelp(file: string, wanted: "certificate" | "key", instead: Content): string | undefined {
  if (instead !== "binary") return undefined;
  const tool = wanted === "key" ? "pkey" : "x509";
  return `if it is DER, convert it: openssl ${tool} -inform DER -in ${file} -out ${file}.pem`;
}

export const certificateMessages: Writers<keyof CertificateProblems> = {
  "certificate-file": ({ file, fault, origin }) =>
    fault === "missing" ? { message: `${file} does not exist`, help: absent[origin] } : { message: `${file} ${faults[fault]}` },
  "certificate-content": ({ file, wanted, instead }) => ({
    message: `${file} ${contents(wanted, instead)}`,
    help: contentHelp(file, wanted, instead),
  }),
  "certificate-swapped": ({ certificate, key }, at) => ({
    message: `${certificate} contains the key, and ${key} contains the certificate`,
    help: "swap the two paths",
    // The paths are in the description only with issuer files.
    edits: at === "/tls/certificate" ? [set(at, key), set(beside(at, "key"), certificate)] : [],
  }),
  "certificate-order": ({ certificate, position }) => ({
    message: `the server's own certificate is number ${position + 1} in ${certificate}, but servers send the first one as their own`,
    help: "put it first, followed by the certificate of its issuer",
  }),
  "certificate-expired": ({ certificate, until, now, origin }) => ({
    message: `${certificate} expired on ${utc(until)}, ${span(now - until)} ago`,
    help: renewal[origin],
  }),
  "certificate-not-yet-valid": ({ certificate, from, now }) => ({
    message: `${certificate} is not valid until ${utc(from)}, in ${span(from - now)}`,
    help: "check this host's clock: date -u",
  }),
  "certificate-name": ({ certificate, name, names }) => ({
    message: `${certificate} is not valid for ${name}`,
    help: names.length === 0 ? "it has no subjectAltName, and clients check no other field" : `it is valid for ${some(names)}; get a certificate for all described names`,
  }),
  "certificate-key": ({ certificate, key }) => ({
    message: `${key} is not the key of ${certificate}`,
    help: "install a certificate and a key that belong together; servers do not start otherwise",
  }),
  "certificate-key-encrypted": ({ key }) => ({
    message: `${key} is encrypted, so a server would ask for its passphrase at each start`,
    help: `remove the passphrase: openssl pkey -in ${key} -out ${key}.plain`,
  }),
  "certificate-key-exposed": ({ key, mode }) => ({
    message: `every user of this host can read or write ${key}, because its mode is ${mode}`,
    help: `restrict it to its owner and group: chmod o= ${key}`,
  }),
  "certificate-unread": warning(({ file, reason }) => ({
    message: `${file} was not checked: ${reason}`,
    help: reason === "permission denied" ? "run this command as root; the server reads its files as root too" : undefined,
  })),
  "certificate-expires": warning(({ certificate, until, now, origin }) => ({
    message: `${certificate} expires on ${utc(until)}, in ${span(until - now)}`,
    help: renewal[origin],
  })),
  "certificate-discovery": warning(({ certificate, names }) => ({
    message: `${certificate} is not valid for ${some(names)}`,
    help: "get a certificate with these names too, or leave those that do not exist out of discovery",
  })),
  "certificate-chain": warning(({ certificate }) => ({
    message: `${certificate} lacks the certificate of its issuer, which many clients need`,
    help: "append the issuer's certificate; certbot's fullchain.pem contains both",
  })),
  "acme-webroot-closed": warning(({ webroot, folder, mode }) => ({
    message: mode === undefined ? `${folder} does not exist, so no challenge is answered from it` : `the server's workers cannot enter ${folder} (mode ${mode}), so they find no token below ${webroot}`,
    help: mode === undefined ? `create it, or write the folder above .well-known/acme-challenge in which your ACME client puts its tokens` : `run chmod o+x ${folder}`,
  })),
  "certificate-self-signed": warning(({ certificate, placeholder }) =>
    placeholder
      ? { message: `${certificate} is the self-signed certificate that mailcow creates at installation`, help: "to see why there is no other certificate yet, run docker compose logs acme-mailcow" }
      : { message: `${certificate} is self-signed, so clients refuse it unless they are set to trust it` }),
};
