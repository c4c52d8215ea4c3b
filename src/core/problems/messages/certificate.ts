/** Sentences on the files of a certificate and its key. */
import type { Content, FileFault } from "../../site/certificate-facts.ts";
import type { CertificateProblems, Issuer } from "../problem.ts";
import { type Writers, warning } from "../writers.ts";

const hour = 60 * 60 * 1000;

/** To the minute, as an administrator's log has it: `2026-11-25 07:30 UTC`. */
function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A time span in the unit that matters. */
function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / hour);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours >= 2 ? `${hours} hours` : "less than two hours";
}

/** Up to three names for a sentence, and how many more there are. */
function some(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const [last = ""] = shown.slice(-1);
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

const faults: Record<Exclude<FileFault["kind"], "unreadable" | "missing">, string> = {
  folder: "is a folder",
  special: "is no regular file",
  loop: "is a symbolic link that leads in a circle",
  "too-large": "is larger than any certificate or key",
};

const absent: Record<Issuer, string> = {
  mailcow: "acme-mailcow writes it on mailcow's host; docker compose logs acme-mailcow says what keeps it from that",
  certbot: "fetch it with certbot before the proxy starts",
  files: "write the path of the PEM file that the server is to read",
};

const renewal: Record<Issuer, string> = {
  mailcow: "docker compose logs acme-mailcow says why it was not renewed",
  certbot: "certbot renew --dry-run says why it was not renewed",
  files: "renew it, or see why its renewal did not run",
};

function contents(wanted: "certificate" | "key", instead: Content): string {
  switch (instead) {
    case "empty":
      return "is empty";
    case "certificate":
    case "key":
      return `has a ${instead} and no ${wanted}`;
    case "binary":
      return "is binary, and servers read PEM";
    case "damaged":
      return `has a ${wanted} that is damaged`;
    case "other":
      return `has no ${wanted} in PEM form`;
  }
}

function contentHelp(file: string, wanted: "certificate" | "key", instead: Content): string | undefined {
  if (instead !== "binary") return undefined;
  const tool = wanted === "key" ? "pkey" : "x509";
  return `if it is DER, convert it: openssl ${tool} -inform DER -in ${file} -out ${file}.pem`;
}

export const certificateMessages: Writers<keyof CertificateProblems> = {
  "certificate-file": ({ file, fault, issuer }) =>
    fault === "missing" ? { message: `there is no file ${file}`, help: absent[issuer] } : { message: `${file} ${faults[fault]}` },
  "certificate-content": ({ file, wanted, instead }) => ({
    message: `${file} ${contents(wanted, instead)}`,
    help: contentHelp(file, wanted, instead),
  }),
  "certificate-swapped": ({ certificate, key }) => ({
    message: `${certificate} has the key, and ${key} the certificate`,
    help: "exchange the two",
  }),
  "certificate-order": ({ certificate, position }) => ({
    message: `the server's own certificate is number ${position + 1} in ${certificate}, and servers send the first for their own`,
    help: "put it first, and behind it the one that issued it",
  }),
  "certificate-expired": ({ certificate, until, now, issuer }) => ({
    message: `${certificate} expired on ${utc(until)}, ${span(now - until)} ago`,
    help: renewal[issuer],
  }),
  "certificate-not-yet-valid": ({ certificate, from, now }) => ({
    message: `${certificate} is valid from ${utc(from)} on, in ${span(from - now)}`,
    help: "see whether this host's clock is right: date -u",
  }),
  "certificate-name": ({ certificate, name, names }) => ({
    message: `${certificate} is not for ${name}`,
    help: names.length === 0 ? "it has no subjectAltName, and clients take no other name" : `it is for ${some(names)}; issue it for all described names`,
  }),
  "certificate-key": ({ certificate, key }) => ({
    message: `${key} is not the key of ${certificate}`,
    help: "install the two that belong together; servers do not start with others",
  }),
  "certificate-key-encrypted": ({ key }) => ({
    message: `${key} is encrypted, and a server would ask for its passphrase at each start`,
    help: `write it without one: openssl pkey -in ${key} -out ${key}.plain`,
  }),
  "certificate-key-exposed": ({ key, mode }) => ({
    message: `every user of this host can reach ${key}, whose mode is ${mode}`,
    help: `take that away: chmod o= ${key}`,
  }),
  "certificate-unread": warning(({ file, reason }) => ({
    message: `${file} was not checked: ${reason}`,
    help: reason === "permission denied" ? "run this as root, as the server is started" : undefined,
  })),
  "certificate-expires": warning(({ certificate, until, now, issuer }) => ({
    message: `${certificate} expires on ${utc(until)}, in ${span(until - now)}`,
    help: renewal[issuer],
  })),
  "certificate-discovery": warning(({ certificate, names }) => ({
    message: `${certificate} is not for ${some(names)}`,
    help: "take these names into it, or clients that look for their settings there get an error",
  })),
  "certificate-chain": warning(({ certificate }) => ({
    message: `${certificate} has no certificate of its issuer, which many clients need`,
    help: "append it; certbot's fullchain.pem has both",
  })),
  "certificate-self-signed": warning(({ certificate, placeholder }) =>
    placeholder
      ? { message: `${certificate} is the self-signed one that mailcow makes at its installation`, help: "docker compose logs acme-mailcow says why there is no other yet" }
      : { message: `${certificate} is self-signed, and clients refuse it unless they were told` }),
};
