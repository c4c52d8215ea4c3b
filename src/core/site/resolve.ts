/** Turns a validated description into a site, in which all names, addresses and paths are decided. */
import type { Description } from "../../generated/description.ts";
import { toHostName, toUpstreamName } from "../host-name.ts";
import { fileStem, identifier } from "./identifier.ts";
import { discoveryOf, isDiscoveryLabel } from "./discovery.ts";
import { type NameEntry, nameEntry } from "../description/name-entry.ts";
import { type Address, type Network, bracketed, isLoopback, isWildcard, parseAddress, parseNetwork, toAddressOrCidr, toCidr } from "../network.ts";
import { familyOf, versionsFor } from "./platform.ts";
import { distributions } from "./servers.ts";
import type { Destination, DiscoveryLabel, DomainCertificate, Listener, MailcowListener, Names, Site, Upstream } from "./site.ts";
import { tlsProfile } from "./tls-profile.ts";

export function resolve(description: Description): Site {
  const hostname = hostName(description.hostname);
  const mailDomains = description.mail_domains === undefined ? undefined : unique(description.mail_domains.map(hostName));
  const additional = uniqueBy(description.additional_server_names.map(nameEntry), ({ text }) => text);
  const certificate = uniqueBy(description.certificate_names.map(nameEntry), ({ text }) => text);
  const { mailcow, proxy } = description;
  const versions = versionsFor(description.platform, description.versions);
  const http = mailcowListener(mailcow.http);
  const https = mailcowListener(mailcow.https);
  const discovery = discoveryOf(description.discovery, labelsOf(additional));
  const publicName = description.serve_hostname ? hostname : (namesOf(additional).find((name) => name !== hostname) ?? hostname);
  const served = servedNames(publicName, mailDomains, discovery, additional);
  return {
    hostname,
    publicName,
    identifier: identifier(hostname),
    fileStem: fileStem(hostname),
    names: served,
    discovery,
    challengeNames: challengeNames(served, mailDomains, certificate),
    additionalServerNames: additional.map(({ text }) => text).filter((name) => name !== hostname),
    certificateNames: certificate.map(({ text }) => text),
    mailcow: { directory: mailcow.directory, http, https },
    proxy: {
      listen: uniqueBy(proxy.listen.map(listener), ({ address }) => address),
      httpPort: proxy.http_port,
      httpsPort: proxy.https_port,
      upstream: upstream(proxy.upstream, http, https),
      sharesHost: sharesHost(proxy.upstream.address),
      isContainer: isContainerName(proxy.upstream.address),
      addresses: unique(proxy.addresses.map((text) => toAddressOrCidr(network(text)))),
      trustedProxies: unique(proxy.trusted_proxies.map((text) => toCidr(network(text)))),
      proxyProtocol: proxy.proxy_protocol,
    },
    tls: {
      issuer: description.tls.issuer,
      ...certificateFiles(description, hostname),
      copies: copies(description, hostname),
      profile: tlsProfile(description.tls.profile, versions, description.tls.groups),
      hsts: hsts(description.tls),
      domains: description.tls.sni ? domainCertificates(hostname, mailDomains ?? [], discovery, additional, certificate) : [],
      email: description.tls.email,
      deploy: description.tls.deploy,
    },
    access: description.access.map(({ path, allow }) => ({ path, allow: unique(allow.map((text) => toCidr(network(text)))) })),
    versions,
    family: familyOf(description.platform),
  };
}

function servedNames(publicName: string, mailDomains: readonly string[] | undefined, discovery: readonly DiscoveryLabel[], additional: readonly NameEntry[]): Names {
  const labels = labelsOf(additional);
  return {
    exact: unique([publicName, ...(mailDomains ?? []).flatMap((domain) => before(discovery, domain)), ...(mailDomains ?? []).flatMap((domain) => before(labels, domain)), ...namesOf(additional)]),
    prefixes: mailDomains === undefined ? unique([...discovery, ...labels]) : [],
  };
}

/** Wildcards add nothing here, because HTTP challenges cannot prove them. */
function challengeNames(served: Names, mailDomains: readonly string[] | undefined, certificate: readonly NameEntry[]): Names {
  const labels = labelsOf(certificate);
  const exact = new Set(served.exact);
  const isServed = (name: string) => exact.has(name) || served.prefixes.some((prefix) => name.startsWith(`${prefix}.`));
  return {
    exact: unique([...namesOf(certificate), ...(mailDomains ?? []).flatMap((domain) => before(labels, domain))]).filter((name) => !isServed(name)),
    prefixes: mailDomains === undefined ? labels.filter((label) => !served.prefixes.includes(label)) : [],
  };
}

/** The number of names that a description would have, counted without making them. */
export function countNames({ mail_domains: mailDomains = [], discovery, additional_server_names: additional, certificate_names: certificate }: Description): number {
  const entries = [...additional, ...certificate];
  const labels = entries.filter((text) => text.endsWith(".*")).length;
  return mailDomains.length * (new Set(discovery).size + labels) + entries.length - labels;
}

/** The labels before the domain. */
export function before(labels: readonly string[], domain: string): string[] {
  return labels.map((label) => `${label}.${domain}`);
}

function labelsOf(entries: readonly NameEntry[]): string[] {
  return entries.flatMap((entry) => (entry.kind === "label" ? [entry.label] : []));
}

function namesOf(entries: readonly NameEntry[]): string[] {
  return entries.flatMap(({ kind, text }) => (kind === "name" ? [text] : []));
}

/**
 * acme-mailcow puts the host's names and all single names into one certificate, and the names before a mail domain into a
 * certificate for that domain.
 */
function domainCertificates(hostname: string, mailDomains: readonly string[], discovery: readonly DiscoveryLabel[], additional: readonly NameEntry[], certificate: readonly NameEntry[]): DomainCertificate[] {
  const taken = new Set([hostname, ...namesOf(additional), ...namesOf(certificate)]);
  const labels = labelsOf(additional);
  return mailDomains.flatMap((domain) => {
    const names = [...before(discovery, domain), ...before(labels, domain)].filter((name) => !taken.has(name));
    for (const name of names) taken.add(name);
    const unserved = before(labelsOf(certificate), domain).filter((name) => !taken.has(name));
    // acme-mailcow names the folder after the first name that points to this host, and orders the labels before autodiscover.
    const first = [...unserved, ...names.filter((name) => labels.includes(name.slice(0, -domain.length - 1))), ...names.filter((name) => isDiscoveryLabel(name.slice(0, -domain.length - 1))).slice(0, 1)];
    const folder = `/etc/ssl/${fileStem(hostname)}/${domain}`;
    return names.length === 0 ? [] : [{ domain, names, unserved, first, certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` }];
  });
}

/** Docker's DNS server, which every container on a network of its own can reach. */
const dockersResolver = "127.0.0.11";

function upstream({ scheme, address, resolver, verify }: Description["proxy"]["upstream"], http: MailcowListener, https: MailcowListener): Upstream {
  const name = address === undefined ? undefined : nameWithin(address);
  const reach = (target: MailcowListener): Destination => {
    // In its container, mailcow's own nginx listens on the port that Docker publishes.
    if (name !== undefined) return { address: name, family: undefined, port: target.port };
    const [first] = target.addresses;
    const to = address === undefined ? { text: first.address, family: first.family } : parsed(address);
    return { ...reachable(to), port: target.port };
  };
  return {
    scheme,
    main: reach(scheme === "https" ? https : http),
    acme: reach(http),
    resolver: name === undefined ? undefined : reachable(parsed(resolver ?? dockersResolver)),
    caFile: scheme === "https" && verify !== "off" ? verify : undefined,
  };
}

/** A wildcard is only for listening; on the same host, connect to the loopback address. */
function reachable(to: Address): Listener {
  const { text, family } = isWildcard(to) ? loopback[to.family] : to;
  return { address: text, family };
}

/** The host name in an upstream's address; undefined for an IP address. */
function nameWithin(text: string): string | undefined {
  if (parseAddress(text) !== undefined) return undefined;
  const result = toUpstreamName(text);
  if ("fault" in result) throw new Error(`the schema let an upstream pass: ${text}`);
  return result.name;
}

/** DNS servers are not asked for names without a dot, but Docker's is: for the containers on its networks. */
function isContainerName(given: string | undefined): boolean {
  return given !== undefined && nameWithin(given)?.includes(".") === false;
}

function sharesHost(given: string | undefined): boolean {
  const address = given === undefined ? undefined : parseAddress(given);
  return given === undefined || (address === undefined ? isContainerName(given) : isLoopback(address) || isWildcard(address));
}

const loopback: Record<4 | 6, Address> = { 4: { text: "127.0.0.1", family: 4 }, 6: { text: "::1", family: 6 } };

function certificateFiles({ tls, mailcow }: Description, hostname: string): { certificate: string; key: string } {
  switch (tls.issuer) {
    case "mailcow":
      return { certificate: `${mailcow.directory}/data/assets/ssl/cert.pem`, key: `${mailcow.directory}/data/assets/ssl/key.pem` };
    case "certbot":
      return { certificate: `/etc/letsencrypt/live/${hostname}/fullchain.pem`, key: `/etc/letsencrypt/live/${hostname}/privkey.pem` };
    case "files":
      // src/rules/certificate.ts refuses missing paths, and then nothing is rendered.
      return { certificate: tls.certificate ?? "", key: tls.key ?? "" };
  }
}

/** SELinux lets web servers read all files below this folder. Docker labels mailcow's certificates for containers only. */
function copies({ platform, tls, proxy }: Description, hostname: string): string | undefined {
  const needed = distributions[familyOf(platform)].guarded && tls.issuer === "mailcow" && sharesHost(proxy.upstream.address);
  return needed ? `/etc/pki/tls/${fileStem(hostname)}` : undefined;
}

/** The value of the header (RFC 6797, 6.1). */
function hsts({ hsts }: Description["tls"]): string | undefined {
  if (hsts === undefined) return undefined;
  return [`max-age=${hsts.max_age}`, ...(hsts.include_subdomains ? ["includeSubDomains"] : []), ...(hsts.preload ? ["preload"] : [])].join("; ");
}

function listener(text: string): Listener {
  const { text: address, family } = parsed(text);
  return { address, family };
}

/** Docker needs IPv6 addresses in brackets. */
function mailcowListener({ bind, port }: { bind: string; port: number }): MailcowListener {
  if (bind === "") return { bind, addresses: [{ address: "0.0.0.0", family: 4 }, { address: "::", family: 6 }], port };
  const at = listener(bind);
  return { bind: bracketed(at), addresses: [at], port };
}

function hostName(text: string): string {
  const result = toHostName(text);
  if ("fault" in result) throw new Error(`the schema let a host name pass: ${text}`);
  return result.name;
}

function parsed(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`the schema let an address pass: ${text}`);
  return address;
}

function network(text: string): Network {
  const result = parseNetwork(text);
  if (result === undefined) throw new Error(`the schema let a network pass: ${text}`);
  return result;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
