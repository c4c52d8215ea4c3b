/** How every target writes what they have in common. */
import { bracketed } from "../../core/network.ts";
import type { Endpoint } from "../../core/site/site.ts";

/** The address and port of a socket: `127.0.0.1:8080`, `[::1]:8080`. */
export function socket(endpoint: Endpoint): string {
  return `${bracketed(endpoint)}:${endpoint.port}`;
}

/** The port as a URL shows it: nothing where it is the scheme's own. */
export function portSuffix(port: number, usual: number): string {
  return port === usual ? "" : `:${port}`;
}

/** A name, address or path in a regular expression; a dot is the only character in them that means something there. */
export function quoted(text: string): string {
  return text.replaceAll(".", "\\.");
}

/** Characters of alternatives in one regular expression. The shortest limit of the servers is 2048 in a line. */
const maxAlternatives = 1000;

/** Words joined by `|`, in as many texts as servers need to take them. */
export function alternatives(words: readonly string[]): string[] {
  const texts: string[] = [];
  for (const word of words) {
    const last = texts.at(-1);
    if (last === undefined || last.length + word.length >= maxAlternatives) texts.push(word);
    else texts[texts.length - 1] = `${last}|${word}`;
  }
  return texts;
}

/** A regular expression for what stands behind a prefix that any domain may have: dots and labels. */
export const anyDomain = "(?:\\.[a-z0-9_-]+)+";

/** First segments of the paths on which mailcow may hold a request for an hour: DAV and ActiveSync clients wait for news there. */
export const longPaths = ["SOGo", "Microsoft-Server-ActiveSync"] as const;
