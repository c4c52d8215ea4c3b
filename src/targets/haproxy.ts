/** The site in HAProxy's words. */
import client from "../../templates/haproxy/client.cfg.hbs";
import headers from "../../templates/haproxy/headers.cfg.hbs";
import host from "../../templates/haproxy/host.cfg.hbs";
import names from "../../templates/haproxy/names.cfg.hbs";
import site from "../../templates/haproxy/site.cfg.hbs";
import type { Listener, Site } from "../core/site.ts";
import type { Target } from "../core/target.ts";
import { lines, pathRegex, prefixRegex, sourceLines } from "./haproxy-names.ts";
import { longPaths, portSuffix, socket } from "./spelling.ts";

export const haproxy: Target = {
  id: "haproxy",
  title: "HAProxy",
  versions: "2.4.24 and later",
  templates: {
    "site.cfg.hbs": site,
    "client.cfg.hbs": client,
    "headers.cfg.hbs": headers,
    "host.cfg.hbs": host,
    "names.cfg.hbs": names,
  },
  unsupported: () => [],
  fileName: ({ fileStem }) => `${fileStem}.cfg`,
  installPath: ({ fileStem }) => `/etc/haproxy/conf.d/${fileStem}.cfg`,
  mode: "0644",
  validate: "haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d",
  reload: "systemctl reload haproxy",
  view,
};

/** A list of proxies longer than this is not followed to its end. */
const maxHops = 8;

function view({ hostname, fileStem, listeners, httpPort, httpsPort, names, upstream, tls, trustedProxies, proxyProtocol, access }: Site): object {
  const pem = `/etc/haproxy/${fileStem}.pem`;
  return {
    hostname,
    fileStem,
    pem,
    certificate: tls.certificate,
    key: tls.key,
    issuer: { mailcow: tls.issuer === "mailcow", certbot: tls.issuer === "certbot" },
    httpBinds: listeners.map((listener) => bind(listener, httpPort)),
    httpsBinds: listeners.map((listener) => `${bind(listener, httpsPort)} ${tlsOptions(tls, pem)}`),
    httpPort,
    httpsPort,
    httpPortSuffix: portSuffix(httpPort, 80),
    httpsPortSuffix: portSuffix(httpsPort, 443),
    names: lines(names.exact),
    prefixes: prefixRegex(names) ?? "",
    longPaths: longPaths.join("|"),
    trustedProxies: sourceLines(trustedProxies),
    acceptProxy: proxyProtocol.accept,
    believeHeader: trustedProxies.length > 0 && !proxyProtocol.accept,
    hops: hops(),
    // Only somebody else's word brings an address of another family than the connection's.
    alignDestination: proxyProtocol.send && trustedProxies.length > 0,
    access: access.map(({ path, allow }, index) => ({ number: index + 1, path, regex: pathRegex(path), allow: sourceLines(allow) })),
    ipv4Networks: access.some(({ allow }) => allow.some((network) => !network.includes(":"))),
    main: `${socket(upstream.main)}${upstreamTls({ hostname, upstream })}${proxyProtocol.send ? " send-proxy-v2" : ""}`,
    acme: `${socket(upstream.acme)}${proxyProtocol.send ? " send-proxy-v2" : ""}`,
    upstreamUnverified: upstream.scheme === "https" && upstream.caFile === undefined,
  };
}

/** The steps from the right through X-Forwarded-For: each needs all entries up to its own to be addresses. */
function hops(): object[] {
  return Array.from({ length: maxHops }, (_, index) => ({
    number: index + 1,
    readable: Array.from({ length: index + 1 }, (_, entry) => `hop_${entry + 1}`).join(" "),
  }));
}

function bind(listener: Listener, port: number): string {
  return `${socket({ ...listener, port })}${listener.family === 6 ? " v6only" : ""}`;
}

/** What the listener says of TLS itself, so that the host's ssl-default-bind-* settings do not count. */
function tlsOptions({ profile }: Site["tls"], pem: string): string {
  return [
    `ssl crt ${pem} alpn h2,http/1.1`,
    `ssl-min-ver ${profile.protocols[0] ?? "TLSv1.3"} ssl-max-ver TLSv1.3`,
    ...(profile.ciphers.length > 0 ? [`ciphers ${profile.ciphers.join(":")}`] : []),
    `ciphersuites ${profile.cipherSuites.join(":")}`,
    `curves ${profile.groups.join(":")}`,
    "prefer-client-ciphers no-tls-tickets",
  ].join(" ");
}

function upstreamTls({ hostname, upstream: { scheme, caFile } }: Pick<Site, "hostname" | "upstream">): string {
  if (scheme === "http") return "";
  const verify = caFile === undefined ? "verify none" : `verify required ca-file ${caFile} verifyhost ${hostname}`;
  return ` ssl ${verify} sni str(${hostname}) alpn http/1.1`;
}
