/** Checks for ports that mailcow's containers use, and for ports that conflict with each other. */
import { servesDiscovery } from "../core/site/discovery.ts";
import type { Problem } from "../core/problems/problem.ts";
import { mailServices } from "../core/site/mail-services.ts";
import type { Site } from "../core/site/site.ts";
import { hostKeys } from "../core/site/same-host.ts";
import type { Rule } from "./rule.ts";

/** Ports that mailcow's nginx uses inside its container, where HTTP_PORT and HTTPS_PORT are ports too. */
const reserved = new Map([
  [8081, "Rspamd fetches its maps there"],
  [9081, "Rspamd's metadata exporter posts there"],
  [9082, "Dovecot verifies logins there"],
  [65510, "requests to SOGo count as authenticated there"],
]);

/** Published on every address of the mail host. */
const publishedEverywhere = new Map(mailServices.map(({ port, title }) => [port, title]));

/** Published on 127.0.0.1 of the mail host. */
const publishedOnLoopback = new Map([
  [7654, "Redis"],
  [13306, "MySQL"],
  [19991, "Dovecot's doveadm"],
]);

/** The defaults. */
export const usualPorts = { "/mailcow/http/port": 8080, "/mailcow/https/port": 8443, "/proxy/http_port": 80, "/proxy/https_port": 443, "/proxy/public_https_port": 443 } as const;

export type PortPointer = keyof typeof usualPorts;

const mailcowPort = { http: "/mailcow/http/port", https: "/mailcow/https/port" } as const;

export const reservedPorts: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [mailcowPort[key]],
  check({ site }) {
    const { port } = site.mailcow[key];
    const use = reserved.get(port);
    if (use === undefined) return [];
    return [{ code: "port-reserved", arguments: { port, use, suggestion: freePort(site, mailcowPort[key]) }, place: { pointer: mailcowPort[key], on: "value" } }];
  },
}));

export const publishedMailcowPorts: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [mailcowPort[key], `/mailcow/${key}/bind`],
  check: ({ site }) => published(site, mailcowPort[key], site.mailcow[key].port, site.mailcow[key].addresses.map(({ address }) => address)),
}));

export const publishedProxyPorts: Rule = {
  reads: ["/proxy/listen", ...hostKeys, "/proxy/tls_ends"],
  check(checked) {
    if (!checked.site.proxy.sharesHost) return [];
    const addresses = checked.site.proxy.listen.map(({ address }) => address);
    return proxyPorts(checked.site).flatMap(({ pointer, port }) => published(checked.site, pointer, port, addresses));
  },
};

export const equalMailcowPorts: Rule = {
  reads: [mailcowPort.http, mailcowPort.https],
  check: ({ site, site: { mailcow } }) => equal(site, mailcow.http.port, mailcow.https.port, ["/mailcow/http/port", "/mailcow/https/port"]),
};

export const equalProxyPorts: Rule = {
  reads: ["/proxy/http_port", "/proxy/https_port", "/proxy/tls_ends"],
  check: ({ site }) => (site.proxy.tlsBefore ? [] : equal(site, site.proxy.httpPort, site.proxy.httpsPort, ["/proxy/http_port", "/proxy/https_port"])),
};

/** What clients use belongs to the web interface alone: on the same address, mailcow's mail services have ports of their own. */
export const publicPort: Rule = {
  reads: ["/proxy/public_https_port", "/proxy/http_port", "/proxy/tls_ends"],
  check({ site, description: { proxy: { public_https_port: port, http_port: httpPort } } }) {
    if (port === undefined) return [];
    const pointer = "/proxy/public_https_port";
    const service = publishedEverywhere.get(port);
    const facts = { port, suggestion: freePort(site, pointer) };
    if (service !== undefined) return [{ code: "port-published", arguments: { ...facts, service }, place: { pointer, on: "value" } }];
    return port === httpPort && !site.proxy.tlsBefore ? [{ code: "ports-equal", arguments: { ...facts, other: "proxy.http_port" }, place: { pointer, on: "value" } }] : [];
  },
};

/** Mail clients and mail servers ask for autodiscover and mta-sts on port 443 only (RFC 8461, section 3.3). */
export const discoveryPort: Rule = {
  reads: ["/proxy/https_port", "/proxy/public_https_port", "/proxy/trusted_proxies", "/proxy/tls_ends", "/mail_domains", "/discovery"],
  check({ site: { names, proxy: { publicHttpsPort, trustedProxies, tlsBefore } }, description: { proxy } }) {
    const mapped = proxy.public_https_port !== undefined;
    // Without public_https_port, a trusted proxy in front can have port 443.
    if (publicHttpsPort === 443 || (!mapped && trustedProxies.length > 0) || !servesDiscovery(names)) return [];
    const pointer = mapped ? "/proxy/public_https_port" : "/proxy/https_port";
    return [{ code: "discovery-port", arguments: { port: publicHttpsPort, mapped, before: tlsBefore }, place: { pointer, on: "value" } }];
  },
};

/** The ports that the proxy listens on, with their keys. */
export function proxyPorts({ proxy: { httpPort, httpsPort, tlsBefore } }: Site) {
  const http = { pointer: "/proxy/http_port", port: httpPort } as const;
  const https = { pointer: "/proxy/https_port", port: httpsPort } as const;
  return tlsBefore ? [http] : [http, https];
}

/** The mail or database service of mailcow that has the port on one of the addresses. */
export function publishedPort(port: number, addresses: readonly string[]): string | undefined {
  const onLoopback = addresses.some((address) => address === "127.0.0.1" || address === "0.0.0.0");
  return publishedEverywhere.get(port) ?? (onLoopback ? publishedOnLoopback.get(port) : undefined);
}

function published(site: Site, pointer: PortPointer, port: number, addresses: readonly string[]): Problem[] {
  const service = publishedPort(port, addresses);
  if (service === undefined) return [];
  return [{ code: "port-published", arguments: { port, service, suggestion: freePort(site, pointer) }, place: { pointer, on: "value" } }];
}

/** Reports the port that is not the default. */
function equal(site: Site, http: number, https: number, [httpPointer, httpsPointer]: readonly [PortPointer, PortPointer]): Problem[] {
  if (http !== https) return [];
  const [pointer, other] = https === usualPorts[httpsPointer] ? [httpPointer, httpsPointer] : [httpsPointer, httpPointer];
  return [{ code: "ports-equal", arguments: { port: http, other: other.slice(1).replaceAll("/", "."), suggestion: freePort(site, pointer) }, place: { pointer, on: "value" } }];
}

/** A port that no rule refuses: its usual one, or one above 8080 or 8443 that nothing else in the description uses. */
export function freePort({ mailcow, proxy }: Site, pointer: PortPointer): number {
  // Nothing listens on the public port here, so other ports of the description may be the same.
  if (pointer === "/proxy/public_https_port") return proxy.httpPort === usualPorts[pointer] ? 8443 : usualPorts[pointer];
  const ports: Readonly<Record<Exclude<PortPointer, "/proxy/public_https_port">, number>> = {
    "/mailcow/http/port": mailcow.http.port,
    "/mailcow/https/port": mailcow.https.port,
    "/proxy/http_port": proxy.httpPort,
    "/proxy/https_port": proxy.httpsPort,
  };
  const taken = new Set([...reserved.keys(), ...publishedEverywhere.keys(), ...publishedOnLoopback.keys(), ...Object.values(ports)]);
  let port: number = usualPorts[pointer];
  for (let next = pointer.includes("https") ? 8443 : 8080; taken.has(port); next += 2) port = next;
  return port;
}
