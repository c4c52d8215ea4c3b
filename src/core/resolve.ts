/** A validated description to a site: every default filled, every name, address and path decided. */
import type { Description } from "../generated/description.ts";
import { toHostName } from "./host-name.ts";
import { fileStem, identifier } from "./identifier.ts";
import { type Address, isWildcard, parseAddress, parseNetwork, toCidr } from "./network.ts";
import { versionsFor } from "./platform.ts";
import type { DomainCertificate, Endpoint, Names, Site, Upstream } from "./site.ts";
import { tlsProfile } from "./tls-profile.ts";

/** The names mail clients and mail servers look up beside the mail domain itself. */
const discoveryLabels = ["autodiscover", "autoconfig", "mta-sts"] as const;

export function resolve(description: Description): Site {
  const hostname = hostName(description.hostname);
  const additionalServerNames = unique(description.additional_server_names.map(hostName));
  const { mailcow, proxy } = description;
  const versions = versionsFor(description.platform, description.versions);
  const http = endpoint(mailcow.http);
  const https = endpoint(mailcow.https);
  return {
    hostname,
    identifier: identifier(hostname),
    fileStem: fileStem(hostname),
    names: names(hostname, description.mail_domains?.map(hostName), additionalServerNames),
    additionalServerNames: additionalServerNames.filter((name) => name !== hostname),
    mailcow: { directory: mailcow.directory, http, https },
    listeners: uniqueBy(proxy.listen.map(listener), ({ address }) => address),
    httpPort: proxy.http_port,
    httpsPort: proxy.https_port,
    upstream: upstream(proxy.upstream, http, https),
    addresses: unique(proxy.addresses.map((text) => network(text).replace(/^([^:]+)\/32$|^(.+)\/128$/, "$1$2"))),
    trustedProxies: unique(proxy.trusted_proxies.map(network)),
    proxyProtocol: proxy.proxy_protocol,
    tls: {
      issuer: description.tls.issuer,
      ...certificateFiles(description, hostname),
      profile: tlsProfile(description.tls.profile, versions, description.tls.groups),
      hsts: hsts(description.tls),
      domains: description.tls.sni ? domainCertificates(hostname, description.mail_domains?.map(hostName) ?? [], additionalServerNames) : [],
      email: description.tls.email,
      deploy: description.tls.deploy,
    },
    access: description.access.map(({ path, allow }) => ({ path, allow: unique(allow.map(network)) })),
    versions,
  };
}

function names(hostname: string, mailDomains: string[] | undefined, additional: string[]): Names {
  const discovery = (mailDomains ?? []).flatMap(discoveryNames);
  return {
    exact: unique([hostname, ...discovery, ...additional]),
    prefixes: mailDomains === undefined ? discoveryLabels : [],
  };
}

/** The names that come with a mail domain. */
export function discoveryNames(domain: string): string[] {
  return discoveryLabels.map((label) => `${label}.${domain}`);
}

/** acme-mailcow puts the host's names into one certificate and those of each mail domain into one of its own. */
function domainCertificates(hostname: string, mailDomains: readonly string[], additional: readonly string[]): DomainCertificate[] {
  const taken = new Set([hostname, ...additional]);
  return unique(mailDomains).flatMap((domain) => {
    const names = discoveryNames(domain).filter((name) => !taken.has(name));
    for (const name of names) taken.add(name);
    const folder = `/etc/ssl/${fileStem(hostname)}/${domain}`;
    return names.length === 0 ? [] : [{ domain, names, certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` }];
  });
}

function upstream({ scheme, address, verify }: Description["proxy"]["upstream"], http: Endpoint, https: Endpoint): Upstream {
  const reach = (target: Endpoint): Endpoint => {
    const to = address === undefined ? { text: target.address, family: target.family } : parsed(address);
    // A wildcard is for listening; the same host is reached at its loopback address.
    const { text, family } = isWildcard(to) ? loopback[to.family] : to;
    return { address: text, family, port: target.port };
  };
  return {
    scheme,
    main: reach(scheme === "https" ? https : http),
    acme: reach(http),
    caFile: scheme === "https" && verify !== "off" ? verify : undefined,
  };
}

const loopback: Record<4 | 6, Address> = { 4: { text: "127.0.0.1", family: 4 }, 6: { text: "::1", family: 6 } };

function certificateFiles({ tls, mailcow }: Description, hostname: string): { certificate: string; key: string } {
  switch (tls.issuer) {
    case "mailcow":
      return { certificate: `${mailcow.directory}/data/assets/ssl/cert.pem`, key: `${mailcow.directory}/data/assets/ssl/key.pem` };
    case "certbot":
      return { certificate: `/etc/letsencrypt/live/${hostname}/fullchain.pem`, key: `/etc/letsencrypt/live/${hostname}/privkey.pem` };
    case "files":
      // Absent ones are refused by src/rules/certificate.ts, and nothing is rendered then.
      return { certificate: tls.certificate ?? "", key: tls.key ?? "" };
  }
}

/** The value of the header (RFC 6797, 6.1). */
function hsts({ hsts }: Description["tls"]): string | undefined {
  if (hsts === undefined) return undefined;
  return [`max-age=${hsts.max_age}`, ...(hsts.include_subdomains ? ["includeSubDomains"] : []), ...(hsts.preload ? ["preload"] : [])].join("; ");
}

function listener(text: string): { address: string; family: 4 | 6 } {
  const { text: address, family } = parsed(text);
  return { address, family };
}

function endpoint({ bind, port }: { bind: string; port: number }): Endpoint {
  return { ...listener(bind), port };
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

function network(text: string): string {
  const result = parseNetwork(text);
  if (result === undefined) throw new Error(`the schema let a network pass: ${text}`);
  return toCidr(result);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
