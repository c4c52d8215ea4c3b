/** Finds the blocks of a PEM file (RFC 7468) in the same way as OpenSSL. */
import type { Content } from "../core/site/certificate-facts.ts";

export interface PemBlock {
  /** `CERTIFICATE`, `RSA PRIVATE KEY`. */
  readonly label: string;
  /** With its first and last line; undefined when the last line is missing. */
  readonly text: string | undefined;
}

export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  const begin = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?$/gm;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const [, label = ""] = match;
    const last = `-----END ${label}-----`;
    const end = text.indexOf(last, begin.lastIndex);
    if (end === -1) {
      // Stop here: what follows is inside this block, and searching for the end of each further block would take long.
      blocks.push({ label, text: undefined });
      break;
    }
    begin.lastIndex = end + last.length;
    blocks.push({ label, text: text.slice(match.index, begin.lastIndex) });
  }
  return blocks;
}

export const isCertificate = ({ label }: PemBlock) => /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label);

export const isKey = ({ label }: PemBlock) => label.endsWith("PRIVATE KEY");

/** What a file without the wanted block contains. */
export function contentOf(text: string, blocks: readonly PemBlock[]): Content {
  if (text.trim() === "") return "empty";
  if (blocks.some(isCertificate)) return "certificate";
  if (blocks.some(isKey)) return "key";
  // DER begins with a SEQUENCE whose length takes several bytes when it is above 127.
  return /^0[\x80-\xff]/.test(text) ? "binary" : "other";
}
