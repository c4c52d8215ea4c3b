/** Lists of names and networks in lines that HAProxy takes. */
import { holdsIpv4 } from "../../core/network.ts";
import type { Names } from "../../core/site/site.ts";
import { alternatives } from "../shared/spelling.ts";

/** HAProxy takes 64 words and 2048 characters a line; people take fewer. */
const maxWidth = 100;

/** The words in lines of at most 100 characters, or of one word where that is longer. */
export function lines(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const word of words) {
    const last = result.at(-1);
    if (last === undefined || last.length + 1 + word.length > maxWidth) result.push(word);
    else result[result.length - 1] = `${last} ${word}`;
  }
  return result;
}

/**
 * What stands after the name of an acl that matches the client's address in any of the networks. HAProxy compares
 * across the families: bare `src` in an IPv4 network is also a 6to4 address, and in ::/0 it is also an IPv4 address.
 */
export function sourceLines(networks: readonly string[]): string[] {
  const ipv6 = networks.filter((network) => network.includes(":"));
  return [
    // Nothing before the first colon of an IPv6 address is an address.
    ...lines(networks.filter((network) => !network.includes(":"))).map((words) => `src,field(1,:) -m ip ${words}`),
    ...lines(ipv6.filter((network) => !holdsIpv4(network))).map((words) => `src ${words}`),
    // An IPv4 address becomes nothing.
    ...lines(ipv6.filter(holdsIpv4)).map((words) => `'src,regsub("^[0-9.]+$","")' -m ip ${words}`),
  ];
}

/** Regular expressions of the names that start with one of the prefixes; none without prefixes. */
export function prefixRegexes({ prefixes }: Names): string[] {
  return alternatives(prefixes.map((prefix) => prefix.replaceAll(".", "[.]"))).map((some) => `^(${some})([.][a-z0-9_-]+)+$`);
}

/** A regular expression of the decoded paths under a path; slashes may be doubled. */
export function pathRegex(path: string): string {
  return `^${path.replaceAll(".", "[.]").replaceAll("/", "/+")}`;
}
