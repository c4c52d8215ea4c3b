/** Whom mailcow believes, which names it has a site for, and what addresses look like from inside its containers. */
import { BlockList, isIP, isIPv6 } from "node:net";
import type { MailcowConf } from "./mailcow-conf.ts";
import { canonical } from "./proxy-protocol.ts";

/** The address of the mail host as the containers see it: connections from the host itself arrive from there. */
export const gateway = "172.22.1.1";

export function asMailcowSeesIt(address: string): string {
  const text = canonical(address.replace(/^::ffff:(?=\d+\.)/, ""));
  return text === "::1" || text.startsWith("127.") ? gateway : text;
}

/** An address, which may have a port behind it or brackets around it; undefined for anything else. */
function addressIn(text: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[(.*)\]:\d+|([^:[\]]*):\d+)$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? text;
  return isIP(address) === 0 || address.includes("%") ? undefined : canonical(address);
}

/** nginx' real_ip_recursive: from the right, past those it trusts, to the first it does not. */
export function clientOf(peer: string, forwarded: string, believes: (address: string) => boolean): string {
  let client = peer;
  for (const item of forwarded.split(",").map((text) => addressIn(text.trim())).toReversed()) {
    if (item === undefined || !believes(client)) break;
    client = item;
  }
  return client;
}

/** The networks that mailcow always believes. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

export function trust(networks: readonly string[], always: readonly string[] = privateNetworks): (address: string) => boolean {
  // One for each family: to nginx, ::ffff:192.0.2.1 is an IPv4 address, and none of those is in a network of IPv6. A BlockList
  // would find them in ::/8.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of [...always, ...networks]) {
    const [address = "", length] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    lists[family].addSubnet(address, Number(length ?? (family === "ipv6" ? 128 : 32)), family);
  }
  return (address) => {
    try {
      const family = isIPv6(address) ? "ipv6" : "ipv4";
      return lists[/^::ffff:[^:]+(?::[^:]+)?$/.test(canonical(address)) ? "ipv4" : family].check(address, family);
    } catch {
      return false;
    }
  };
}

export function knows(conf: MailcowConf, host: string): boolean {
  const name = host.replace(/:\d+$/, "");
  // webmail.* is nginx' own: that label before any domain.
  const additional = conf.additionalServerNames.some((entry) => entry === name || (entry.endsWith(".*") && name.startsWith(entry.slice(0, -1)) && name.length >= entry.length));
  return name === conf.hostname || additional || /^(autodiscover|autoconfig|mta-sts)\.[a-z0-9.-]+$/.test(name);
}
