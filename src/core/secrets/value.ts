/** Judges a secret that comes from a file or a variable. */

/** Why a text cannot stand in a file as a secret. */
export type SecretFault = "empty" | "lines" | "space" | "characters" | "long";

/** The most characters of a secret. Postfix cuts lines after 2048. */
const longest = 500;

/** @param text the content of a file, whose last line end does not count, or a variable's value */
export function secretIn(text: string): { readonly secret: string } | { readonly fault: SecretFault } {
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "") return { fault: "empty" };
  if (/[\r\n]/.test(secret)) return { fault: "lines" };
  if (/[\0-\x1f\x7f\ufffd]/.test(secret)) return { fault: "characters" };
  if (/^\s|\s$/.test(secret)) return { fault: "space" };
  return secret.length > longest ? { fault: "long" } : { secret };
}
