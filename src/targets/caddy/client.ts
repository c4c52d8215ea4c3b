/** The address of a client behind trusted proxies. */
import type { Site } from "../../core/site/site.ts";
import { trustedView } from "../shared/trusted.ts";
import { lines } from "./lines.ts";

/** The most proxies that are followed in X-Forwarded-For. */
const maxHops = 4;

/** IPv4 addresses and what looks like one; a matcher finds out whether it is an address. */
const ipv4 = "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}";
const ipv6 = "[0-9a-f:.]*:[0-9a-f:.]*";

/** The trusted proxies, and how their lists are read; null without such proxies, or if PROXY protocol tells the address. */
export function believed(site: Site, matcher: string) {
  const { trustedProxies, proxyProtocol } = site.proxy;
  if (trustedProxies.length === 0 || proxyProtocol.accept) return null;
  const [word = ""] = matcher.split(" ");
  const groups = trustedView(site, (networks) => matching(word, networks)).map((group, index) => (index === 0 ? { ...group, networks: group.networks.with(0, `${matcher}${group.networks[0]?.slice(word.length) ?? ""}`) } : group));
  return { groups, hops: Array.from({ length: maxHops }, (_, index) => hop(index)) };
}

/** The lines of a matcher for addresses. Its option `forwarded` stands only in the first. */
export function matching(matcher: string, networks: readonly string[]): string[] {
  const [word = ""] = matcher.split(" ");
  return lines(networks).map((some, index) => `${index === 0 ? matcher : word} ${some}`);
}

/** @param index of the entry, counted from the right */
function hop(index: number) {
  const end = `\\s*${index === 0 ? "" : `(?:,[^,]*){${index}}`}$`;
  const entry = (pattern: string) => `(?i)(?:^|,)\\s*${pattern}${end}`;
  return {
    number: index + 1,
    before: index,
    last: index + 1 === maxHops,
    // ::ffff:192.0.2.1 is an IPv4 address. A port may follow an address, and IPv6 addresses may be in brackets.
    inputs: [`\\[?(?:::|(?:0{1,4}:){5})ffff:(${ipv4})\\]?(?::[0-9]+)?`, `(${ipv4})(?::[0-9]+)?`, `(${ipv6})`, `\\[(${ipv6})\\](?::[0-9]+)?`].map(entry),
  };
}
