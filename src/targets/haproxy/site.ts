/** The backends of one site. */
import { has } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import { upstreamProfileOn } from "../../core/site/tls-profile.ts";
import { access, basicAuth } from "./access.ts";
import { lines, prefixRegexes, sourceLines } from "./names.ts";
import { id, pemOf } from "./places.ts";
import { profileOptions } from "./tls.ts";
import { longPaths, portSuffix, socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";

/** The most proxies that are followed in X-Forwarded-For. */
const maxHops = 8;

/** @param defaults the name of the backends' defaults section */
export function siteView(site: Site, defaults: string) {
  const { hostname, names, proxy: { publicHttpPort, publicHttpsPort, upstream, trustedProxies, proxyProtocol }, tls } = site;
  return {
    hostname,
    defaults,
    pem: pemOf(site),
    certificate: tls.certificate,
    key: tls.key,
    publicHttpPort,
    publicHttpsPort,
    httpPortSuffix: portSuffix(publicHttpPort, 80),
    httpsPortSuffix: portSuffix(publicHttpsPort, 443),
    names: lines(names.exact),
    otherSites: site.otherSites.length > 0,
    prefixes: prefixRegexes(names),
    longPaths: longPaths.join("|"),
    trustedProxies: trustedView(site, sourceLines),
    acceptProxy: proxyProtocol.accept,
    clientAddress: clientIsPeer(site) ? "var(sess.client)" : "src",
    believeHeader: trustedProxies.length > 0 && !proxyProtocol.accept,
    hops: hops(),
    // Only an address from a trusted peer can be of another family than the connection.
    alignDestination: proxyProtocol.send && trustedProxies.length > 0,
    access: access(site),
    decodes: site.access.length > 0 || site.basicAuth !== undefined,
    basicAuth: basicAuth(site),
    resolver: upstream.resolver === undefined ? null : { name: `mailcow-${hostname}`, server: socket({ ...upstream.resolver, port: 53 }) },
    main: `${socket(upstream.main)}${following(site)}${upstreamTls(site)}${proxyProtocol.send ? " send-proxy-v2" : ""}`,
    acme: `${socket(upstream.acme)}${following(site)}${proxyProtocol.send ? " send-proxy-v2" : ""}`,
    hsts: tls.hsts ?? "",
    upstreamUnverified: upstream.scheme === "https" && upstream.caFile === undefined,
  };
}

/** Whether all requests of a connection come from one client. With trusted proxies, each can come from another client. */
export function clientIsPeer({ proxy }: Pick<Site, "proxy">): boolean {
  return proxy.trustedProxies.length === 0;
}

/** The steps through X-Forwarded-For from the right. In each step, all entries up to it must be addresses. */
function hops() {
  return Array.from({ length: maxHops }, (_, index) => ({
    number: index + 1,
    readable: Array.from({ length: index + 1 }, (_, entry) => `hop_${entry + 1}`).join(" "),
  }));
}

/** How HAProxy follows a host name to a new address, and starts without one. */
function following({ hostname, proxy: { upstream: { resolver } } }: Site): string {
  return resolver === undefined ? "" : ` resolvers mailcow-${hostname} resolve-prefer ipv4 init-addr none`;
}

/** All TLS options of the `server` line, so that the host's ssl-default-server-* settings have no effect. */
function upstreamTls(site: Site): string {
  const { publicName, proxy: { upstream: { scheme, caFile } }, versions } = site;
  if (scheme === "http") return "";
  const verify = caFile === undefined ? "verify none" : `verify required ca-file ${caFile} verifyhost ${publicName}`;
  return ` ssl ${verify} sni str(${publicName}) alpn http/1.1 ${profileOptions(upstreamProfileOn(id, site), has(versions, "haproxyServerCurves"))}`;
}
