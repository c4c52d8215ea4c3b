/** The words of Traefik's rules. No value has a backquote, see the patterns of the schema. */
import { alternatives, anyDomain, longPaths, quoted } from "../shared/spelling.ts";

const matcher = (name: string, ...values: readonly string[]) => `${name}(${values.map((value) => `\`${value}\``).join(", ")})`;

export const host = (name: string) => matcher("Host", name);
const pathRegexp = (regex: string) => matcher("PathRegexp", regex);
export const headerRegexp = (name: string, regex: string) => matcher("HeaderRegexp", name, regex);
export const not = (rule: string) => `!${rule}`;

/** No client gets a tunnel to mailcow. */
export const noTunnel = not(matcher("Method", "CONNECT"));

/** Every request, also one without a path. */
export const everything = matcher("HostRegexp", ".*");

export function all(...rules: readonly string[]): string {
  return rules.join(" && ");
}

export function any(rules: readonly string[]): string {
  return rules.length === 1 ? rules.join("") : `(${rules.join(" || ")})`;
}

export function clientIn(networks: readonly string[]): string {
  return any(networks.map((network) => matcher("ClientIP", network)));
}

/** Names that begin with one of the labels, in every domain. Traefik compares the name in lower case and without its port. */
export function hostOfAnyDomain(labels: readonly string[]): string {
  return any(alternatives(labels.map(quoted)).map((some) => matcher("HostRegexp", `^(?:${some})${anyDomain}[.]?$`)));
}

/** A slash in a path as rules see it: unreserved characters are decoded, and reserved ones are not. */
const slash = "(?:/|%2F)";

/** The paths that begin with a path, however they are written. @param anyCase whether the case of letters does not count */
export function pathsBelow(path: string, anyCase: boolean): string {
  // A request may have no path: https://mail.example.org in its line. mailcow gets / then.
  if (path === "/") return everything;
  return pathRegexp(`${anyCase ? "(?i)" : ""}^${quoted(path).replaceAll("/", `${slash}+`)}`);
}

/** Paths with a `.` or `..` segment. */
export const dotSegments = pathRegexp(`${slash}\\.{1,2}(?:[/;?#]|%2F|%3B|%3F|%23|$)`);

/** Paths on which mailcow may hold a request for an hour. */
export const heldPaths = pathRegexp(`(?i)^${slash}+(?:${longPaths.join("|")})`);

export const acmeChallenge = pathRegexp("^/\\.well-known/acme-challenge/[A-Za-z0-9_-]+$");
