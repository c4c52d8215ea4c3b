/** The part of the file for one site. */
import { has } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import { longPaths, portSuffix, socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";
import { access, basicAuth } from "./access.ts";
import { believed, matching } from "./client.ts";
import { lines } from "./lines.ts";
import { inputsOf, redirectRegexes } from "./names.ts";
import { upstreamCurves } from "./tls.ts";

/** A site's values, for the snippets that all its blocks use. */
export function siteView(site: Site) {
  const { hostname, identifier, publicName, names, challengeNames, otherSites, proxy: { tlsBefore, publicHttpPort, publicHttpsPort, upstream, proxyProtocol }, tls, versions } = site;
  const httpSuffix = portSuffix(publicHttpPort, 80);
  const httpsSuffix = portSuffix(publicHttpsPort, 443);
  const clientIp = has(versions, "caddyClientIp");
  const clientMatcher = clientIp ? "client_ip" : "remote_ip forwarded";
  const trust = believed(site, clientMatcher);
  const rules = access(site, trust === null ? "remote_ip" : clientMatcher);
  return {
    hostname,
    identifier,
    publicName,
    tlsBefore,
    httpsNames: tlsBefore ? [] : inputsOf([...names.exact, ...otherSites], httpsSuffix),
    // Where TLS ends before Caddy, the port has the requests of both schemes.
    httpNames: inputsOf([...names.exact, ...otherSites, ...challengeNames.exact], tlsBefore ? httpsSuffix : httpSuffix),
    certified: challengeNames.exact.length === 0 ? null : lines(challengeNames.exact),
    otherSites: otherSites.length === 0 ? null : lines(otherSites),
    httpSuffix,
    httpsSuffix,
    publicHttpPort,
    publicHttpsPort,
    trust,
    trustedProxies: trustedView(site, (networks) => matching("remote_ip", networks)),
    client: trust === null ? "{remote_host}" : `{http.vars.mailcow_${identifier}_client}`,
    clientMatcher,
    clientSetter: clientIp ? "vars client_ip" : "request_header X-Forwarded-For",
    access: rules,
    basicAuth: basicAuth(site),
    paths: rules !== null || site.basicAuth !== undefined,
    newWords: has(versions, "caddyNewWords"),
    longPaths: longPaths.map((path) => `/${path}*`).join(" "),
    redirects: redirectRegexes(names.exact, publicHttpsPort),
    main: socket(upstream.main),
    acme: socket(upstream.acme),
    upstreamTls: upstream.scheme === "https" ? { caFile: upstream.caFile ?? "", curves: has(versions, "caddyNewWords") ? upstreamCurves(site) : "" } : null,
    resolver: upstream.resolver === undefined ? "" : `udp/${socket({ ...upstream.resolver, port: 53 })}`,
    proxyProtocol: proxyProtocol.send,
    hsts: tls.hsts ?? "",
  };
}
