/** Sentences on the mail ports through the proxy. */
import { flow } from "../../yaml/flow.ts";
import { set } from "../edit.ts";
import type { MailAddressFault, MailProxyFault, MailProblems } from "../problem.ts";
import { type Writers, note, warning } from "../writers.ts";
import { all, alternatives } from "./words.ts";

const addressFaults: Readonly<Record<MailAddressFault, (address: string) => string>> = {
  name: (address) => `${address} is a name, but Docker publishes ports on addresses`,
  wildcard: (address) => `on ${address}, everyone could reach the ports where mailcow believes any client address, and send mail through it without a login`,
  loopback: (address) => `${address} leads every host to itself, so a proxy on another host does not reach mailcow there`,
  ipv6: (address) => `${address} is an IPv6 address: Docker may connect from its own bridge then, which mailcow trusts to send mail without a login`,
  container: (address) => `${address} is in the network of mailcow's containers, where Docker publishes nothing`,
  proxy: (address) => `${address} is an address of the proxy, not of mailcow's host`,
};

const proxyFaults: Readonly<Record<MailProxyFault, (network: string) => string>> = {
  wide: (network) => `with mail, mailcow believes every client address that ${network} tells, so it must be one host`,
  loopback: (network) => `with mail, the proxy must be on another host, but ${network} is mailcow's host itself`,
  container: (network) => `${network} is in the networks of mailcow's containers, which send mail without a login`,
  none: (network) => `${network} is no address of a single host, so the proxy could not reach mailcow`,
};

export const mailMessages: Writers<keyof MailProblems> = {
  "mail-address": ({ address, fault, given }) => ({
    message: addressFaults[fault](address),
    help: `write mailcow's IPv4 address in the network that it shares with the proxy, e.g. ${given ? "" : "mail.address: "}10.13.13.2`,
  }),
  "mail-proxy": ({ network, fault }) => ({
    message: proxyFaults[fault](network),
    help: "write the single address from which the proxy connects to mailcow, e.g. proxy.addresses: [10.13.13.1]",
  }),
  "mail-proxy-missing": ({ ipv6 }) => ({
    message: `mailcow's mail ports need the ${ipv6 ? "IPv4 " : ""}address of the proxy, which alone may reach them`,
    help: "write the address from which the proxy connects to mailcow, e.g. proxy.addresses: [10.13.13.1]",
  }),
  "mail-way": ({ unable, targets, list }) => ({
    message: unable.length === 0 ? "no target passes the mail ports on" : `${all(unable)} cannot pass mail ports on, and no other target does`,
    help: `write targets: ${flow(list)}${targets.length === 1 ? "" : `, or ${alternatives(targets.slice(1))} instead of ${targets[0]}`}${unable.length === 0 ? "" : "; that server then has the mail ports alone, beside the web server"}`,
    edits: [set("/targets", list)],
  }),
  "mail-firewall": ({ target, list }) => ({
    message: `without the target ${target}, nothing keeps others from the ports where mailcow believes any client address`,
    help: `write targets: ${flow(list)}`,
    edits: [set("/targets", list)],
  }),
  "mail-public": warning(({ address }) => ({
    message: `the way to ${address} leads over the internet, where others may read what STARTTLS does not protect, and only the firewall tells the proxy from others`,
    help: "connect the two hosts with a tunnel such as WireGuard, and write mailcow's address in it",
  })),
  "mail-outgoing": note(() => ({
    message: "mailcow sends its own mail directly, from its host's own address, not through the proxy",
    help: "see docs/outgoing-mail.md for the two ways to send it from the proxy's address, and for SPF and PTR",
  })),
  "mail-bans": note(() => ({
    message: "mailcow's bans do not work on the mail ports, because its firewall sees the packets of the proxy",
    help: "write banlist with the address that mailcow shows in the settings of Fail2ban, and the target mail-bans",
  })),
};
