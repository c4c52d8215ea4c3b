/** The nginx target. */
import answers from "../../../templates/nginx/answers.conf.hbs";
import authority from "../../../templates/nginx/authority.conf.hbs";
import challenge from "../../../templates/nginx/challenge.conf.hbs";
import challengeApart from "../../../templates/nginx/challenge-apart.conf.hbs";
import headers from "../../../templates/nginx/headers.conf.hbs";
import otherSites from "../../../templates/nginx/other-sites.conf.hbs";
import realip from "../../../templates/nginx/realip.conf.hbs";
import main from "../../../templates/nginx/site.conf.hbs";
import tls from "../../../templates/nginx/tls.conf.hbs";
import front from "../../../templates/nginx/front.conf.hbs";
import upstreamTls from "../../../templates/nginx/upstream-tls.conf.hbs";
import webroot from "../../../templates/nginx/webroot.conf.hbs";
import users from "../../../templates/shared/users.htpasswd.hbs";
import beforeNotes from "../../../templates/shared/before-notes.hbs";
import copyNotes from "../../../templates/shared/copy-notes.hbs";
import certificateNotes from "../../../templates/shared/certificate-notes.hbs";
import domainNotes from "../../../templates/shared/domain-notes.hbs";
import published from "../../../templates/shared/published.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import { bracketed } from "../../core/network.ts";
import { has } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import type { Sites } from "../../core/output/target.ts";
import { profileOn, upstreamProfileOn } from "../../core/site/tls-profile.ts";
import { type ServedCertificate, certificatesOf, copiesView } from "../shared/certificates.ts";
import { access } from "./access.ts";
import { nameGroups, nameRegex, prefixRegexes, serverNames } from "./names.ts";
import { listen } from "./listen.ts";
import { basicAuth, withUsers } from "../shared/basic-auth.ts";
import { headNotes } from "../shared/head.ts";
import { requirementsOf, scriptsOf } from "../shared/requirements.ts";
import { installationView, serverFile, serverTarget } from "../shared/server.ts";
import { longPaths, portSuffix, socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";

const id = "nginx";

export const nginx = serverTarget(id, {
  templates: {
    "site.conf.hbs": main,
    "answers.conf.hbs": answers,
    "authority.conf.hbs": authority,
    "challenge.conf.hbs": challenge,
    "challenge-apart.conf.hbs": challengeApart,
    "headers.conf.hbs": headers,
    "other-sites.conf.hbs": otherSites,
    "realip.conf.hbs": realip,
    "tls.conf.hbs": tls,
    "front.conf.hbs": front,
    "upstream-tls.conf.hbs": upstreamTls,
    "webroot.conf.hbs": webroot,
    "users.htpasswd.hbs": users,
    "before-notes.hbs": beforeNotes,
    "certificate-notes.hbs": certificateNotes,
    "copy-notes.hbs": copyNotes,
    "domain-notes.hbs": domainNotes,
    "published.hbs": published,
    "user-notes.hbs": userNotes,
  },
  several: "apart",
  files: ([site]) => withUsers(id, site, serverFile(id, site, { template: "site.conf.hbs", stem: site.fileStem, requires: requirementsOf(site) })),
  view,
});

function view([site]: Sites) {
  const { hostname, publicName, fileStem, identifier, proxy: { listen: listeners, httpPort, httpsPort, tlsBefore, publicHttpPort, publicHttpsPort, trustedProxies, proxyProtocol, upstream }, versions } = site;
  const https = upstream.scheme === "https";
  const http2Directive = !tlsBefore && has(versions, "nginxHttp2Directive");
  const http2Listen = !tlsBefore && !http2Directive;
  const httpsOptions = ["ssl", ...(http2Directive ? [] : ["http2"])];
  const listens = (port: number, options: readonly string[]): string[] =>
    listeners.map((listener) => [listen(listener, port), ...options, ...(proxyProtocol.accept ? ["proxy_protocol"] : [])].join(" "));
  // The names of the web interface first: they are requested most.
  const exact = new Set(site.names.exact);
  const own = site.additionalServerNames.filter((name) => exact.has(name));
  const names = { ...site.names, exact: [...new Set([publicName, ...own, ...site.names.exact])] };
  const certificates = certificatesOf({ ...site, names });
  const [hostCertificate] = certificates;
  const [plainNames = [], challengeNames = []] = serverNames([{ ...names, exact: [...names.exact, ...site.otherSites] }, site.challengeNames]);
  const otherNames = { exact: site.otherSites, prefixes: [] };
  const secureNames = serverNames([...certificates.map((one) => one.names), otherNames]);
  const believed = trustedProxies.length > 0;
  const variable = variableOf(site);
  const everyAddress = listeners.some(({ address }) => address === "0.0.0.0" || address === "::");
  const common = {
    hostname,
    publicName,
    fileStem,
    identifier,
    upstream: { name: variable === null ? `mailcow-${hostname}` : `${variable.name}:${upstream.main.port}`, scheme: upstream.scheme, server: socket(upstream.main) },
    // ACME challenges go to mailcow's http listener. With scheme http, it is the main upstream too.
    acme: { name: variable === null ? (https ? `mailcow-acme-${hostname}` : `mailcow-${hostname}`) : `${variable.name}:${upstream.acme.port}`, server: socket(upstream.acme) },
    variable,
    webroot: site.tls.acmeWebroot ?? "",
    redirect: `301 https://$host${portSuffix(publicHttpsPort, 443)}$request_uri`,
    // The session cache has a zone named after the host already.
    follow: upstream.resolver === undefined || variable !== null ? null : { resolver: bracketed(upstream.resolver), zone: `mailcow-upstream-${hostname}` },
    upstreamTls: https ? { caFile: upstream.caFile ?? "", groups: upstreamProfileOn(id, site).groups.join(":") } : null,
    httpListens: listens(httpPort, []),
    httpsListens: tlsBefore ? [] : listens(httpsPort, httpsOptions),
    secureListens: tlsBefore ? listens(httpPort, []) : listens(httpsPort, httpsOptions),
    everyAddress,
    stockSite: everyAddress ? stockSite(site) : undefined,
    ownAddresses: listeners.some(({ address }) => address !== "0.0.0.0" && address !== "::"),
    http2Directive,
    http2Listen,
    warnsOfListen: http2Listen || proxyProtocol.accept,
    serverNames: plainNames,
    challengeNames,
    redirectNames: [...nameGroups(names.exact).map(nameRegex), ...prefixRegexes(names.prefixes)],
    httpHost: `$host${portSuffix(publicHttpPort, 80)}`,
    httpsHost: `$host${portSuffix(publicHttpsPort, 443)}`,
    publicHttpPort,
    publicHttpsPort,
    tlsBefore,
    // Whether the ACME challenge comes on the same port as other requests, but is answered by something else.
    challengeApart: tlsBefore && (https || site.tls.acmeWebroot !== undefined),
    // What mailcow is told. If TLS ends before nginx, it depends on the request.
    secure: tlsBefore
      ? { scheme: `$way_${identifier}`, host: publicHttpsPort === 443 ? "$host" : `$host_${identifier}`, port: `$port_${identifier}` }
      : { scheme: "https", host: `$host${portSuffix(publicHttpsPort, 443)}`, port: publicHttpsPort },
    httpsPortSuffix: portSuffix(publicHttpsPort, 443),
    realIp: believed ? realIp(site) : null,
    client: believed ? `$client_${identifier}` : "$remote_addr",
    proxyProtocol: proxyProtocol.accept,
    longPaths: longPaths.join("|"),
    access: access(site),
    paths: site.access.length > 0 || site.basicAuth !== undefined,
    basicAuth: basicAuth(id, site, "/+"),
    hsts: site.tls.hsts ?? "",
    notes: headNotes(site),
    install: installationView(id, [site], fileStem),
    copies: copiesView(site),
    tls: tlsView(site, hostCertificate),
    sni: scriptsOf([site]),
  };
  return {
    ...common,
    // One server per certificate; they differ only in the certificate and the names.
    secureServers: certificates.map(({ certificate, key }, index) => ({
      ...common,
      serverNames: secureNames[index] ?? [],
      tls: { ...common.tls, certificate, key },
    })),
    otherSites: site.otherSites.length === 0 ? null : { ...common, serverNames: secureNames.at(-1) ?? [] },
  };
}

/** What the package's own default site does. In RHEL's nginx.conf, that site comes after this file and is not the default. */
function stockSite({ family, packages, proxy: { httpPort, isContainer } }: Site): string | undefined {
  // What is in a container's image is the image's matter.
  if (isContainer || httpPort !== 80) return undefined;
  if (packages === "nginx.org") return "On port 80 of IPv4, the package's conf.d/default.conf is the default site. If you do not use it, remove it.";
  return family === "debian" ? "On port 80, Debian's sites-enabled/default is the default site, if it is still enabled." : undefined;
}

/** The variable for mailcow's host name, which makes nginx look it up again, and the DNS server; null if an upstream block can do that. */
function variableOf({ proxy: { upstream: { main, resolver } }, versions }: Site) {
  if (resolver === undefined || has(versions, "nginxUpstreamResolve")) return null;
  return { name: "$mailcow_upstream", value: main.address, resolver: bracketed(resolver) };
}

/** The trusted peers, the header that they send, and the variable that tells when it cannot be read. */
function realIp(site: Site) {
  const from = trustedView(site, (networks) => networks);
  return site.proxy.proxyProtocol.accept
    ? { from, header: "proxy_protocol", unreadable: "" }
    : { from, header: "X-Forwarded-For", unreadable: `$unreadable_${site.identifier}` };
}

function tlsView(site: Site, { certificate, key }: ServedCertificate) {
  const { hostname, versions } = site;
  const profile = profileOn(id, site);
  return {
    certificate,
    key,
    protocols: profile.protocols.join(" "),
    ciphers: profile.ciphers.join(":"),
    // Older versions offer OpenSSL's default, which is the same unless the host's openssl.cnf changes it.
    cipherSuites: has(versions, "nginxConfCommand") ? profile.cipherSuites.join(":") : "",
    groups: profile.groups.join(":"),
    sessionCache: `shared:mailcow-${hostname}:10m`,
    ticketsOff: !has(versions, "nginxTicketRotation"),
  };
}
