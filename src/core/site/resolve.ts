/** Turns a validated description into a site, in which all names, addresses and paths are decided. */
import type { Description } from "../../generated/description.ts";
import { toHostName } from "../host-name.ts";
import { fileStem, identifier } from "./identifier.ts";
import { discoveryOf, isDiscoveryLabel } from "./discovery.ts";
import { type NameEntry, nameEntry } from "../description/name-entry.ts";
import { type Address, type Network, allNetworks, bracketed, describedAddress, everyone, isPublic, parseNetwork, toAddressOrCidr, toCidr } from "../network.ts";
import { certificatePlace } from "./certificate-place.ts";
import { mailHostPrograms } from "./mail-host.ts";
import { mailPorts } from "./mail-ports.ts";
import { familyOf, versionsFor } from "./platform.ts";
import { presetOf } from "./presets.ts";
import { sharesHost } from "./same-host.ts";
import { distributions, softwareIds } from "./servers.ts";
import type { BasicAuth, DiscoveryLabel, DomainCertificate, Listener, MailcowListener, Names, Relayhost, SecretSource, Site, Syslog, TrustedGroup } from "./site.ts";
import { tlsProfile } from "./tls-profile.ts";
import { isContainerName, upstream } from "./upstream.ts";

export function resolve(description: Description): Site {
  const hostname = hostName(description.hostname);
  const mailDomains = description.mail_domains === undefined ? undefined : unique(description.mail_domains.map(hostName));
  const additional = uniqueBy(description.additional_server_names.map(nameEntry), ({ text }) => text);
  const certificate = uniqueBy(description.certificate_names.map(nameEntry), ({ text }) => text);
  const { mailcow, proxy } = description;
  const versions = versionsFor(description.platform, description.versions, description.packages);
  const http = mailcowListener(mailcow.http);
  const https = mailcowListener(mailcow.https);
  const tlsBefore = proxy.tls_ends === "before";
  const trusted = trustedGroups(proxy.trusted_proxies);
  const discovery = discoveryOf(description.discovery, labelsOf(additional));
  const publicName = description.serve_hostname ? hostname : (namesOf(additional).find((name) => name !== hostname) ?? hostname);
  const served = servedNames(publicName, mailDomains, discovery, additional);
  const way = upstream(proxy.upstream, http, https);
  const addresses = unique(proxy.addresses.map((text) => toAddressOrCidr(network(text))));
  const trustedProxies = trusted.flatMap(({ networks }) => networks);
  const listen = uniqueBy(proxy.listen.map(listener), ({ address }) => address);
  const shared = sharesHost({ upstream: way.main, upstreamGiven: proxy.upstream.address !== undefined, addresses, binds: [...http.addresses, ...https.addresses].map(asAddress) });
  return {
    hostname,
    publicName,
    identifier: identifier(hostname),
    fileStem: fileStem(hostname),
    names: served,
    discovery,
    challengeNames: challengeNames(served, mailDomains, certificate),
    otherSites: unique(description.other_sites.map(hostName)),
    additionalServerNames: additional.map(({ text }) => text).filter((name) => name !== hostname),
    certificateNames: certificate.map(({ text }) => text),
    mailcow: { directory: mailcow.directory, http, https, ipv4Network: mailcow.ipv4_network },
    proxy: {
      listen,
      httpPort: proxy.http_port,
      httpsPort: proxy.https_port,
      ports: tlsBefore ? [proxy.http_port] : [proxy.http_port, proxy.https_port],
      entryPoints: proxy.entry_points,
      tlsBefore,
      // The proxy in front has the public ports, and the ACME challenge always comes to port 80.
      publicHttpPort: tlsBefore ? 80 : proxy.http_port,
      publicHttpsPort: proxy.public_https_port ?? proxy.https_port,
      upstream: way,
      sharesHost: shared,
      isContainer: isContainerName(proxy.upstream.address),
      namesLeadElsewhere: !shared || tlsBefore || trustedProxies.map(network).some(isPublic),
      addresses,
      mailcowTrusts: addresses,
      trustedProxies,
      trustedGroups: trusted,
      proxyProtocol: proxy.proxy_protocol,
    },
    tls: {
      issuer: description.tls.issuer,
      ...certificatePlace(description, hostname, shared),
      ...(tlsBefore ? { transfer: "none" } : {}),
      copies: copies(description, hostname, shared),
      certificateResolver: description.tls.certificate_resolver,
      profile: tlsProfile(description.tls.profile, description.tls.groups),
      hsts: hsts(description.tls),
      domains: description.tls.sni ? domainCertificates(hostname, mailDomains ?? [], discovery, additional, certificate) : [],
      email: description.tls.email,
      acmeMailcow: description.tls.issuer === "mailcow" || description.tls.acme_mailcow,
      acmeWebroot: description.tls.acme_webroot,
      deploy: description.tls.deploy,
    },
    mail: mailPorts(description.mail, way.main, listen, addresses),
    basicAuth: basicAuth(description.basic_auth),
    relayhost: relayhost(description.relayhost),
    syslog: syslog(description.syslog),
    access: description.access.map(({ path, allow, names }) => ({ path, allow: unique(allow.flatMap(clients)), names: unique(names.map(hostName)) })),
    versions,
    stated: { platform: description.platform !== undefined, versions: softwareIds.filter((id) => description.versions[id] !== undefined) },
    ...mailHostPrograms(description),
    family: familyOf(description.platform),
    packages: description.packages,
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
  const isServed = servedBy(served);
  return {
    exact: unique([...namesOf(certificate), ...(mailDomains ?? []).flatMap((domain) => before(labels, domain))]).filter((name) => !isServed(name)),
    prefixes: mailDomains === undefined ? labels.filter((label) => !served.prefixes.includes(label)) : [],
  };
}

/** Tells whether the proxy serves a name. */
export function servedBy({ exact, prefixes }: Names): (name: string) => boolean {
  const names = new Set(exact);
  return (name) => names.has(name) || prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}

/** The number of names that a description would have, counted without making them. */
export function countNames({ mail_domains: mailDomains = [], discovery, additional_server_names: additional, certificate_names: certificate, other_sites: otherSites }: Description): number {
  const entries = [...additional, ...certificate];
  const labels = entries.filter((text) => text.endsWith(".*")).length;
  return mailDomains.length * (new Set(discovery).size + labels) + entries.length - labels + otherSites.length;
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

/** Each network is in one group only, because servers warn about duplicates. */
function trustedGroups(entries: readonly string[]): TrustedGroup[] {
  const named = unique(entries).flatMap((name) => {
    const preset = presetOf(name);
    return preset === undefined ? [] : [{ name, ...preset }];
  });
  const published = new Set(named.flatMap(({ networks }) => networks));
  const own = unique(entries.filter((text) => presetOf(text) === undefined).map((text) => toCidr(network(text)))).filter((text) => !published.has(text));
  return [
    ...(own.length > 0 ? [{ published: undefined, networks: own }] : []),
    ...named.map(({ name, title, read, networks }) => ({ published: { name, title, read }, networks })),
  ];
}

/** SELinux lets web servers read all files below this folder. Docker labels mailcow's certificates so that only containers can read them. */
function copies({ platform, tls, proxy }: Description, hostname: string, shared: boolean): string | undefined {
  const needed = distributions[familyOf(platform)].guarded && tls.issuer === "mailcow" && proxy.tls_ends === "here" && shared && !isContainerName(proxy.upstream.address);
  return needed ? `/etc/pki/tls/${fileStem(hostname)}` : undefined;
}

/** The value of the header (RFC 6797, 6.1). */
function hsts({ hsts }: Description["tls"]): string | undefined {
  if (hsts === undefined) return undefined;
  return [`max-age=${hsts.max_age}`, ...(hsts.include_subdomains ? ["includeSubDomains"] : []), ...(hsts.preload ? ["preload"] : [])].join("; ");
}

function listener(text: string): Listener {
  const { text: address, family } = describedAddress(text);
  return { address, family };
}

function asAddress({ address, family }: Listener): Address {
  return { text: address, family };
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

function network(text: string): Network {
  const result = parseNetwork(text);
  if (result === undefined) throw new Error(`the schema let a network pass: ${text}`);
  return result;
}

function basicAuth(given: Description["basic_auth"]): BasicAuth | undefined {
  if (given === undefined) return undefined;
  const users = given.users.map((text) => ({ name: text.slice(0, text.indexOf(":")), hash: text.slice(text.indexOf(":") + 1) }));
  return { paths: unique(given.paths), users };
}

function relayhost(given: Description["relayhost"]): Relayhost | undefined {
  if (given === undefined) return undefined;
  const { host, port, tls, username, password_file: file, password_variable: variable } = given;
  const password: SecretSource | undefined = file !== undefined ? { kind: "file", path: file } : variable !== undefined ? { kind: "variable", name: variable } : undefined;
  return { host: hostName(host), port, tls, login: username === undefined || password === undefined ? undefined : { username, password } };
}

function syslog(given: Description["syslog"]): Syslog | undefined {
  return given === undefined ? undefined : { ...given, services: unique(given.services) };
}

function clients(text: string): readonly string[] {
  return text === everyone ? allNetworks : [toCidr(network(text))];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
