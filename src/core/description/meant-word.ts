/** Finds the word that a value was meant to be, where a key takes only some words. */
import { nearest } from "../nearest.ts";
import { otherNames } from "../site/servers.ts";

interface Meant {
  readonly nearest: string | undefined;
  /** How the word is known, if it is not a misspelt one. */
  readonly known: "authority" | "code-name" | "other-platform" | undefined;
}

/** Certificate authorities, and the protocol to get certificates from them. */
const authority = /^(?:acme|le|let'?s?[-_ ]?encrypt|zero-?ssl|buypass)$/i;

export function meantWord(key: string, text: string, allowed: readonly string[]): Meant {
  if (key === "issuer" && authority.test(text)) return { nearest: "mailcow", known: "authority" };
  if (key !== "platform") return { nearest: nearest(text, allowed), known: undefined };
  const word = text.toLowerCase().replace(/^(?:debian|ubuntu)[-_ ]?(?=[a-z])/, "").replace(/^([a-z]+)[-_ ]?(\d+)(?:\.\d+)?$/, "$1-$2");
  const [, named] = Object.entries(otherNames).find(([name]) => name === word) ?? [];
  if (named !== undefined) return { nearest: named, known: "code-name" };
  // Another number is another release, not a misspelt one.
  const numbers = (name: string) => name.replaceAll(/\D/g, "");
  const platform = nearest(text, allowed.filter((name) => numbers(name) === numbers(text)));
  return { nearest: platform, known: platform === undefined ? "other-platform" : undefined };
}
