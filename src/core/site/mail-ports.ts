/** The mail ports that a proxy passes on with PROXY protocol. */
import type { Description } from "../../generated/description.ts";
import { describedAddress, parseNetwork } from "../network.ts";
import type { Destination, Listener } from "./site.ts";

/** A mail service of mailcow. */
export interface MailService {
  /** The public port, which mailcow announces to clients. */
  readonly port: number;
  /** The port in its container that expects PROXY protocol. */
  readonly proxied: number;
  /** How a server's configuration names it. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** The service in mailcow's docker-compose.yml. */
  readonly container: "postfix-mailcow" | "dovecot-mailcow";
  /** The beginning of its keys in mailcow.conf: `SMTP` of SMTP_PORT and SMTP_PORT_HAPROXY. */
  readonly key: string;
}

/** mailcow's master.cf and dovecot.conf: each service listens once more, on a port that is 10000 higher. */
const offset = 10000;

/** In the order in which they are listed. */
export const mailServices: readonly MailService[] = (
  [
    [25, "smtp", "SMTP", "postfix-mailcow", "SMTP"],
    [465, "smtps", "SMTPS", "postfix-mailcow", "SMTPS"],
    [587, "submission", "submission", "postfix-mailcow", "SUBMISSION"],
    [143, "imap", "IMAP", "dovecot-mailcow", "IMAP"],
    [993, "imaps", "IMAPS", "dovecot-mailcow", "IMAPS"],
    [110, "pop3", "POP3", "dovecot-mailcow", "POP"],
    [995, "pop3s", "POP3S", "dovecot-mailcow", "POPS"],
    [4190, "sieve", "ManageSieve", "dovecot-mailcow", "SIEVE"],
  ] as const
).map(([port, name, title, container, key]) => ({ port, proxied: port + offset, name, title, container, key }));

export interface MailPorts {
  readonly services: readonly MailService[];
  /** Where the proxy listens. */
  readonly listen: readonly Listener[];
  /** Where the proxy connects, and where Docker publishes the ports: an IPv4 address of mailcow's host. The rules refuse anything else. */
  readonly address: string;
  /** The IPv4 addresses from which the proxy connects, each of one host. They alone may reach the ports. */
  readonly proxies: readonly string[];
  readonly firewall: "nftables" | "iptables";
  /** Where mailcow lists the clients that it bans. */
  readonly banlist: string | undefined;
}

/**
 * @param main where the proxy reaches mailcow's web interface
 * @param webListen where it listens for that
 * @param addresses from which it connects to mailcow
 */
export function mailPorts(given: Description["mail"], main: Destination, webListen: readonly Listener[], addresses: readonly string[]): MailPorts | undefined {
  if (given === undefined) return undefined;
  return {
    services: mailServices.filter(({ port }) => given.ports.some((asked) => asked === port)),
    listen: given.listen === undefined ? webListen : [...new Map(given.listen.map(listener)).values()],
    address: given.address === undefined ? main.address : describedAddress(given.address).text,
    proxies: addresses.filter((text) => parseNetwork(text)?.family === 4),
    firewall: given.firewall,
    banlist: given.banlist,
  };
}

function listener(text: string): [string, Listener] {
  const { text: address, family } = describedAddress(text);
  return [address, { address, family }];
}
