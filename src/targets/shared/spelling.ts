/** Spellings that all targets use. */
import { bracketed } from "../../core/network.ts";
import type { Destination } from "../../core/site/site.ts";

/** The address or name and the port of a socket: `127.0.0.1:8080`, `[::1]:8080`, `nginx-mailcow:8080`. */
export function socket(endpoint: Destination): string {
  return `${bracketed(endpoint)}:${endpoint.port}`;
}

/** The port's part of a URL: empty for the scheme's default port. */
export function portSuffix(port: number, usual: number): string {
  return port === usual ? "" : `:${port}`;
}

/** A name, address or path for a regular expression. The dot is the only special character in them. */
export function quoted(text: string): string {
  return text.replaceAll(".", "\\.");
}

/** The most characters of alternatives in one regular expression. The shortest limit of the servers is 2048 per line. */
const maxAlternatives = 1000;

/** Words joined by `|`, split into texts that are short enough for all servers. */
export function alternatives(words: readonly string[]): string[] {
  const texts: string[] = [];
  for (const word of words) {
    const last = texts.at(-1);
    if (last === undefined || last.length + word.length >= maxAlternatives) texts.push(word);
    else texts[texts.length - 1] = `${last}|${word}`;
  }
  return texts;
}

/** A regular expression for any domain after a prefix: dots and labels. */
export const anyDomain = "(?:\\.[a-z0-9_-]+)+";

/** First segments of paths on which mailcow may hold a request for an hour, because DAV and ActiveSync clients wait there for changes. */
export const longPaths = ["SOGo", "Microsoft-Server-ActiveSync"] as const;
