/** Splits lists of names and networks into lines that HAProxy accepts. */
import { holdsIpv4 } from "../../core/network.ts";
import type { Names } from "../../core/site/site.ts";
import { alternatives } from "../shared/spelling.ts";

/** HAProxy accepts up to 64 words and 2048 characters per line; shorter lines are readable. */
const maxWidth = 100;

/** The words in lines of at most 100 characters, or of a single longer word. */
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
 * The words after the name of an acl that matches client addresses in any of the networks. HAProxy compares across the
 * families: plain `src` with an IPv4 network also matches 6to4 addresses, and with ::/0 also IPv4 addresses.
 */
export function sourceLines(networks: readonly string[]): string[] {
  const ipv6 = networks.filter((network) => network.includes(":"));
  return [
    // The part of an IPv6 address before its first colon is not an address.
    ...lines(networks.filter((network) => !network.includes(":"))).map((words) => `src,field(1,:) -m ip ${words}`),
    ...lines(ipv6.filter((network) => !holdsIpv4(network))).map((words) => `src ${words}`),
    // An IPv4 address becomes an empty text.
    ...lines(ipv6.filter(holdsIpv4)).map((words) => `'src,regsub("^[0-9.]+$","")' -m ip ${words}`),
  ];
}

/** Regular expressions for the names that start with one of the prefixes; empty without prefixes. */
export function prefixRegexes({ prefixes }: Names): string[] {
  return alternatives(prefixes.map((prefix) => prefix.replaceAll(".", "[.]"))).map((some) => `^(${some})([.][a-z0-9_-]+)+$`);
}
