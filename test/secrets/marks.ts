/** Secrets that a test finds again, whole or in part. */
import { createHash } from "node:crypto";

export interface Marked {
  /** One character a byte. */
  readonly content: string;
  readonly secrets: readonly string[];
}

/** A word that nothing gives away but the place it stands at, the same for the same number; no two have a part in common that is looked for. */
export function mark(number: number): string {
  return `zq${createHash("sha256").update(`mark ${number}`).digest("hex").replaceAll(/[0-9]/g, (digit) => "ghijklmnop".charAt(Number(digit)))}`.slice(0, 20);
}

let count = 0;

/** The text that `write` makes of as many secrets as it takes. */
export function marked(write: (secret: () => string) => string): Marked {
  const secrets: string[] = [];
  const text = write(() => {
    const next = mark(++count);
    secrets.push(next);
    return next;
  });
  return { content: Buffer.from(text).toString("latin1"), secrets };
}

/** As Notepad saves it. */
export function inUtf16({ content, secrets }: Marked, order: "le" | "be" = "le"): Marked {
  const bytes = Buffer.from(`\ufeff${Buffer.from(content, "latin1").toString()}`, "utf16le");
  return { content: (order === "le" ? bytes : bytes.swap16()).toString("latin1"), secrets };
}

export function inLatin1({ content, secrets }: Marked): Marked {
  return { content: Buffer.from(content, "latin1").toString(), secrets };
}

/** Characters of a secret that give it away: a line that is cut has its beginning, one that is wrapped its end. */
const part = 8;

/** The secrets that a text has a part of, in whatever case. */
export function found(text: string, secrets: readonly string[]): string[] {
  const shown = text.toLowerCase();
  return secrets.filter((secret) => Array.from({ length: secret.length - part + 1 }, (_, at) => secret.toLowerCase().slice(at, at + part)).some((piece) => shown.includes(piece)));
}
