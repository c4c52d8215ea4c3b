/** Reads the files of a certificate and its key. */
import type { KeyObject, X509Certificate } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { CertificatePaths } from "../cli/io.ts";
import type { Certificate, CertificateFacts, Reading } from "../core/site/certificate-facts.ts";
import { closedFolder } from "./closed-folder.ts";
import { failure } from "./failure.ts";
import { contentOf, isCertificate, isKey, pemBlocks } from "./pem.ts";
import { type SmallFile, readSmallFile } from "./small-file.ts";

type Crypto = typeof import("node:crypto");

/** @throws SurroundingsError when a file disappears while it is read */
export async function certificateFacts(paths: CertificatePaths): Promise<CertificateFacts> {
  const files = { certificate: await readSmallFile(paths.certificate), key: await readSmallFile(paths.key) };
  // Load node:crypto only here: it loads slowly, and nothing else needs it.
  const crypto = process.getBuiltinModule("node:crypto");
  const certificates = "found" in files.certificate ? certificatesIn(files.certificate.found, crypto) : files.certificate;
  const key = "found" in files.key ? keyIn(files.key.found, crypto) : files.key;
  const privateKey = "found" in key ? key.found.privateKey : undefined;
  const own = "found" in certificates && privateKey !== undefined ? certificates.found.findIndex((one) => one.checkPrivateKey(privateKey)) : undefined;
  return {
    webroot: paths.acmeWebroot === undefined ? undefined : await closedFolder(paths.acmeWebroot),
    certificate: "found" in certificates ? { found: describe(certificates.found, own) } : certificates,
    key:
      "found" in key
        ? { found: { encrypted: privateKey === undefined, belongs: own === undefined ? undefined : own !== -1, exposed: await exposedMode(paths.key, key.found.mode) } }
        : key,
  };
}

function certificatesIn({ text }: SmallFile, { X509Certificate }: Crypto): Reading<X509Certificate[]> {
  const blocks = pemBlocks(text);
  const own = blocks.filter(isCertificate);
  if (own.length === 0) return { instead: contentOf(text, blocks) };
  try {
    const found = own.map((block) => new X509Certificate(block.text ?? ""));
    return found.some(({ validFrom, validTo }) => Number.isNaN(Date.parse(validFrom) + Date.parse(validTo))) ? { instead: "damaged" } : { found };
  } catch {
    return { instead: "damaged" };
  }
}

/** Encrypted keys are not read. */
function keyIn({ text, mode }: SmallFile, { createPrivateKey }: Crypto): Reading<{ privateKey: KeyObject | undefined; mode: number }> {
  const blocks = pemBlocks(text);
  const key = blocks.find(isKey);
  if (key === undefined) return { instead: contentOf(text, blocks) };
  if (/^-----BEGIN ENCRYPTED |^Proc-Type:.*ENCRYPTED/m.test(key.text ?? "")) return { found: { privateKey: undefined, mode } };
  try {
    return { found: { privateKey: createPrivateKey(key.text ?? ""), mode } };
  } catch {
    return { instead: "damaged" };
  }
}

/** @param match the index of the certificate that the key belongs to, -1 for none of them, undefined without a key to compare */
function describe(certificates: readonly X509Certificate[], match = -1): Certificate {
  // Without its key, the server's own certificate is the first one that is not a CA.
  const position = match !== -1 ? match : Math.max(0, certificates.findIndex(({ ca }) => !ca));
  const own = certificates[position];
  if (own === undefined) throw new Error("there is no certificate to describe");
  const itself = own.checkIssued(own);
  return {
    names: dnsNames(own.subjectAltName ?? ""),
    notBefore: Date.parse(own.validFrom),
    notAfter: Date.parse(own.validTo),
    issuer: itself ? "itself" : certificates.some((other) => own.checkIssued(other)) ? "in the file" : "absent",
    placeholder: itself && own.subject.split("\n").includes("O=mailcow"),
    position,
  };
}

/** Node puts unusual names in quotes and escapes their commas. */
function dnsNames(subjectAltName: string): string[] {
  return subjectAltName.split(", ").flatMap((entry) => (/^DNS:[^"]/.test(entry) ? [entry.slice("DNS:".length).toLowerCase()] : []));
}

/** The mode of a file that every user of the host can read or write; undefined for other files. */
async function exposedMode(path: string, mode: number): Promise<string | undefined> {
  if ((mode & 0o006) === 0) return undefined;
  try {
    for (let folder = dirname(await realpath(path)); ; folder = dirname(folder)) {
      // A folder that others may not enter protects everything in it.
      if (((await stat(folder)).mode & 0o001) === 0) return undefined;
      if (folder === dirname(folder)) return (mode & 0o777).toString(8).padStart(4, "0");
    }
  } catch (error) {
    throw failure("read", path, error);
  }
}
