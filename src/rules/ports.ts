/** Checks for ports that mailcow's containers use, and for ports that conflict with each other. */
import { servesDiscovery } from "../core/site/resolve.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Site } from "../core/site/site.ts";
import type { Rule } from "./rule.ts";

/** Ports that mailcow's nginx uses inside its container, where HTTP_PORT and HTTPS_PORT are ports too. */
const reserved = new Map([
  [8081, "Rspamd fetches its maps there"],
  [9081, "Rspamd's metadata exporter posts there"],
  [9082, "Dovecot verifies logins there"],
  [65510, "requests to SOGo count as authenticated there"],
]);

/** Published on every address of the mail host. */
const publishedEverywhere = new Map([
  [25, "SMTP"],
  [110, "POP3"],
  [143, "IMAP"],
  [465, "SMTPS"],
  [587, "submission"],
  [993, "IMAPS"],
  [995, "POP3S"],
  [4190, "ManageSieve"],
]);

/** Published on 127.0.0.1 of the mail host. */
const publishedOnLoopback = new Map([
  [7654, "Redis"],
  [13306, "MySQL"],
  [19991, "Dovecot's doveadm"],
]);

const mailcowPort = { http: "/mailcow/http/port", https: "/mailcow/https/port" } as const;

export const reservedPorts: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [mailcowPort[key]],
  check({ site }) {
    const { port } = site.mailcow[key];
    const use = reserved.get(port);
    if (use === undefined) return [];
    return [{ code: "port-reserved", arguments: { port, use, suggestion: free(site, key) }, place: { pointer: mailcowPort[key], on: "value" } }];
  },
}));

export const publishedMailcowPorts: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [mailcowPort[key]],
  check: ({ site }) => published(mailcowPort[key], site.mailcow[key].port, free(site, key), site.mailcow[key].addresses.map(({ address }) => address)),
}));

export const publishedProxyPorts: Rule = {
  reads: ["/proxy/http_port", "/proxy/https_port", "/proxy/listen", "/proxy/upstream/address"],
  check(checked) {
    if (!checked.site.proxy.sharesHost) return [];
    const { httpPort, httpsPort, listen } = checked.site.proxy;
    const addresses = listen.map(({ address }) => address);
    return [...published("/proxy/http_port", httpPort, 80, addresses), ...published("/proxy/https_port", httpsPort, 443, addresses)];
  },
};

export const equalMailcowPorts: Rule = {
  reads: [mailcowPort.http, mailcowPort.https],
  check: ({ site: { mailcow } }) => equal(mailcow.http.port, mailcow.https.port, 8443, ["/mailcow/http/port", "/mailcow/https/port"]),
};

export const equalProxyPorts: Rule = {
  reads: ["/proxy/http_port", "/proxy/https_port"],
  check: ({ site }) => equal(site.proxy.httpPort, site.proxy.httpsPort, 443, ["/proxy/http_port", "/proxy/https_port"]),
};

/** Mail clients and mail servers ask for autodiscover and mta-sts on port 443 only (RFC 8461, section 3.3). */
export const discoveryPort: Rule = {
  // A trusted proxy in front can have port 443.
  reads: ["/proxy/https_port", "/proxy/trusted_proxies", "/mail_domains"],
  check({ site: { names, proxy: { httpsPort, trustedProxies } } }) {
    if (httpsPort === 443 || trustedProxies.length > 0 || !servesDiscovery(names)) return [];
    return [{ code: "discovery-port", arguments: { port: httpsPort }, place: { pointer: "/proxy/https_port", on: "value" } }];
  },
};

function published(pointer: string, port: number, suggestion: number, addresses: readonly string[]): Problem[] {
  const onLoopback = addresses.some((address) => address === "127.0.0.1" || address === "0.0.0.0");
  const service = publishedEverywhere.get(port) ?? (onLoopback ? publishedOnLoopback.get(port) : undefined);
  if (service === undefined) return [];
  return [{ code: "port-published", arguments: { port, service, suggestion }, place: { pointer, on: "value" } }];
}

/** Reports the port that is not the default. */
function equal(http: number, https: number, usualHttps: number, [httpPointer, httpsPointer]: readonly [string, string]): Problem[] {
  if (http !== https) return [];
  const [pointer, other] = https === usualHttps ? [httpPointer, httpsPointer] : [httpsPointer, httpPointer];
  return [{ code: "ports-equal", arguments: { port: http, other: other.slice(1).replaceAll("/", ".") }, place: { pointer, on: "value" } }];
}

/** mailcow's usual port behind a proxy, or another one if the other listener uses it. */
function free({ mailcow }: Site, key: "http" | "https"): number {
  const usual = key === "http" ? 8080 : 8443;
  return mailcow[key === "http" ? "https" : "http"].port === usual ? usual + 2 : usual;
}
