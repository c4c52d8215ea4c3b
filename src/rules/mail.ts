/** Checks the mail ports: nobody but the proxy may reach those of mailcow that expect PROXY protocol. */
import { type Network, isHost, isLoopback, isPublic, isWildcard, overlap, parseAddress, parseNetwork, unusable } from "../core/network.ts";
import type { MailAddressFault, MailProxyFault, Problem } from "../core/problems/problem.ts";
import { serverIds, servers } from "../core/site/servers.ts";
import { mailcowNetworks } from "../core/site/mailcow-networks.ts";
import type { Listener, Site } from "../core/site/site.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Description } from "../generated/description.ts";
import { freePort, proxyPorts } from "./ports.ts";
import type { Neighbour, Resolved, Rule } from "./rule.ts";

/** All that decides where the ports are published. */
const addressKeys = ["/mail/address", "/mailcow/http/bind", "/mailcow/https/bind", "/proxy/upstream"] as const;

/** Docker publishes the ports there. On any wider address, everyone could tell mailcow any client address, and relay. */
export const mailAddress: Rule = {
  reads: addressKeys,
  check({ site, description }) {
    if (site.mail === undefined) return [];
    const { address } = site.mail;
    const fault = addressFault(site, site.mail.address);
    if (fault === undefined) return [];
    return [{ code: "mail-address", arguments: { address, fault, given: description.mail?.address !== undefined }, place: mailPlace(description), reads: faultKeys[fault] ?? [] }];
  },
};

/** What else decides that an address has this fault. */
const faultKeys: Partial<Record<MailAddressFault, readonly string[]>> = {
  container: ["/mailcow/ipv4_network"],
  proxy: ["/mail/listen", "/proxy/addresses", "/proxy/listen"],
};

function addressFault({ mail, proxy, mailcow }: Site, text: string): MailAddressFault | undefined {
  const address = parseAddress(text);
  if (address === undefined) return "name";
  if (isWildcard(address)) return "wildcard";
  if (isLoopback(address)) return "loopback";
  if (address.family === 6) return "ipv6";
  if (inside(text, `${mailcow.ipv4Network}.0/24`)) return "container";
  if (proxy.addresses.includes(text) || mail?.listen.some((listener) => listener.address === text) === true) return "proxy";
  return undefined;
}

/** mailcow trusts what comes from these ports, so it must be one host that sends it. */
export const mailProxies: Rule = {
  reads: ["/proxy/addresses", "/mailcow/ipv4_network"],
  check({ site: { mail, mailcow }, description: { proxy } }) {
    if (mail === undefined) return [];
    const faults = proxy.addresses.flatMap((text, index): Problem[] => {
      const network = parseNetwork(text);
      const fault = network === undefined ? undefined : proxyFault(network, mailcow.ipv4Network);
      return fault === undefined ? [] : [{ code: "mail-proxy", arguments: { network: text, fault }, place: { pointer: `/proxy/addresses/${index}`, on: "value" } }];
    });
    if (faults.length > 0 || mail.proxies.length > 0) return faults;
    return [{ code: "mail-proxy-missing", arguments: { ipv6: proxy.addresses.length > 0 }, place: { pointer: "/mail", on: "key" } }];
  },
};

function proxyFault(network: Network, ipv4Network: string): MailProxyFault | undefined {
  if (isLoopback(network)) return "loopback";
  if (isNoHost(network.text)) return "none";
  if (mailcowNetworks(ipv4Network).some((cidr) => inside(network.text, cidr))) return "container";
  return isHost(network) ? undefined : "wide";
}

/** 0.0.0.0 looks like everyone, but the firewall would let in nobody. */
function isNoHost(text: string): boolean {
  return text === "0.0.0.0" || text === "::" || unusable(text) === "group";
}

function inside(address: string, cidr: string): boolean {
  const [one, all] = [parseNetwork(address), parseNetwork(cidr)];
  if (one === undefined || all === undefined || one.family !== all.family) return false;
  return parseNetwork(`${address}/${all.prefix}`)?.text === all.text;
}

/** Whether the two halves are there: what passes the ports on, and what publishes them for the proxy alone. */
export const mailTargets: Rule = {
  reads: ["/targets"],
  check({ site: { mail }, description: { targets } }): Problem[] {
    if (mail === undefined) return [];
    const place = { pointer: "/mail", on: "key" } as const;
    // What is in the section does not matter.
    const reads = ["/targets"];
    const asked = serverIds.filter((id) => targets.includes(id));
    const passing: readonly TargetId[] = serverIds.flatMap((id) => servers[id].mailTarget ?? []);
    const able = asked.flatMap((id) => servers[id].mailTarget ?? []);
    const unable = asked.filter((id) => servers[id].mailTarget === undefined);
    const hasWay = targets.some((target) => passing.includes(target));
    const problems: Problem[] = [];
    const ways = able.length > 0 ? able : passing;
    if (asked.length > 0 && !hasWay) problems.push({ code: "mail-way", arguments: { unable: unable.map((id) => servers[id].title), targets: ways, list: [...targets, ...ways.slice(0, 1)] }, place, reads });
    if ((hasWay || targets.includes("mailcow-conf")) && !targets.includes("mail-ports")) problems.push({ code: "mail-firewall", arguments: { target: "mail-ports", list: [...targets, "mail-ports"] }, place, reads });
    if (mail.banlist !== undefined && !targets.includes("mail-bans")) problems.push({ code: "section-unused", arguments: { section: "mail.banlist", targets: ["mail-bans"], others: false }, place: { pointer: "/mail/banlist", on: "key" } });
    return problems;
  },
};

/** One server cannot listen for both on one address and port. */
export const mailPortEqual: Rule = {
  reads: ["/mail/ports", "/mail/listen", "/proxy/listen", "/proxy/http_port", "/proxy/https_port", "/proxy/tls_ends"],
  check({ site, site: { mail, proxy } }) {
    if (mail === undefined) return [];
    return proxyPorts(site).flatMap(({ pointer, port }): Problem[] => {
      const service = mail.services.find((one) => one.port === port);
      if (service === undefined || !proxy.listen.some((web) => mail.listen.some((own) => meets(web, own)))) return [];
      return [{ code: "ports-equal", arguments: { port, other: `mail (${service.title})`, suggestion: pointer === "/proxy/http_port" ? 80 : 443 }, place: { pointer, on: "value" } }];
    });
  },
};

/** Docker cannot publish both on one address. */
export const mailPortTaken: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [...addressKeys, "/mail/ports", "/mailcow/http/port", "/mailcow/https/port"],
  check({ site, site: { mail, mailcow } }) {
    const { port, addresses } = mailcow[key];
    const service = mail?.services.find((one) => one.proxied === port);
    if (mail === undefined || service === undefined || !addresses.some((listener) => meets(listener, { address: mail.address, family: 4 }))) return [];
    const pointer = `/mailcow/${key}/port` as const;
    return [{ code: "ports-equal", arguments: { port, other: `mail (${service.title} for the proxy)`, suggestion: freePort(site, pointer) }, place: { pointer, on: "value" } }];
  },
}));

function meets(left: Listener, right: Listener): boolean {
  return overlap({ text: left.address, family: left.family }, { text: right.address, family: right.family });
}

/** Passwords and mail cross this way; STARTTLS protects only what comes after it. */
export const mailPublic: Rule = {
  reads: addressKeys,
  check({ site: { mail }, description }) {
    const address = mail === undefined ? undefined : parseAddress(mail.address);
    if (address === undefined || isWildcard(address) || address.family === 6 || !isPublic(address)) return [];
    return [{ code: "mail-public", arguments: { address: address.text }, place: mailPlace(description) }];
  },
};

function mailPlace({ mail }: Description): { readonly pointer: string; readonly on: "key" | "value" } {
  return mail?.address === undefined ? { pointer: "/mail", on: "key" } : { pointer: "/mail/address", on: "value" };
}

/** What the mail ports alone do not do. */
export const mailNotes: readonly Rule[] = [
  { reads: [], check: ({ site: { mail } }) => (mail === undefined ? [] : [{ code: "mail-outgoing", arguments: {}, place: { pointer: "/mail", on: "key" } }]) },
  { reads: ["/mail/banlist"], check: ({ site: { mail } }) => (mail === undefined || mail.banlist !== undefined ? [] : [{ code: "mail-bans", arguments: {}, place: { pointer: "/mail", on: "key" } }]) },
];

/** The endpoints of a site's mail ports. */
function mailEndpoints({ mail }: Site) {
  return mail === undefined ? [] : mail.listen.flatMap((listener) => mail.services.map(({ port }) => ({ ...listener, port })));
}

/** Before STARTTLS, nothing in the connection names the host, so a port of an address leads to one mailcow. */
export function sharedMail({ site, description }: Resolved, { file, site: other }: Neighbour): Problem[] {
  const theirs = mailEndpoints(other);
  const taken = mailEndpoints(site).find((ours) => theirs.some((one) => one.port === ours.port && meets(one, ours)));
  if (taken === undefined) return [];
  const pointer = description.mail?.listen === undefined ? "/mail" : "/mail/listen";
  return [{ code: "shared-mail", arguments: { address: taken.address, port: taken.port, file }, place: { pointer, on: pointer === "/mail" ? "key" : "value" } }];
}
