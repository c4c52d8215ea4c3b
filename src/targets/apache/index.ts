/** The Apache target. */
import challenge from "../../../templates/apache/challenge.conf.hbs";
import plain from "../../../templates/apache/plain.conf.hbs";
import host from "../../../templates/apache/host.conf.hbs";
import otherSites from "../../../templates/apache/other-sites.conf.hbs";
import proxy from "../../../templates/apache/proxy.conf.hbs";
import site from "../../../templates/apache/site.conf.hbs";
import tls from "../../../templates/apache/tls.conf.hbs";
import front from "../../../templates/apache/front.conf.hbs";
import upstreamTls from "../../../templates/apache/upstream-tls.conf.hbs";
import users from "../../../templates/shared/users.htpasswd.hbs";
import beforeNotes from "../../../templates/shared/before-notes.hbs";
import copyNotes from "../../../templates/shared/copy-notes.hbs";
import certificateNotes from "../../../templates/shared/certificate-notes.hbs";
import domainNotes from "../../../templates/shared/domain-notes.hbs";
import published from "../../../templates/shared/published.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import type { Problem } from "../../core/problems/problem.ts";
import type { Destination, Names, Site } from "../../core/site/site.ts";
import { has } from "../../core/site/platform.ts";
import { profileOn } from "../../core/site/tls-profile.ts";
import type { Sites } from "../../core/output/target.ts";
import { listens, ownAddresses } from "./listen.ts";
import { access } from "./access.ts";
import { complement } from "./networks.ts";
import { nameLists } from "./names.ts";
import { stock } from "./stock.ts";
import { type ServedCertificate, certificatesOf, copiesView } from "../shared/certificates.ts";
import { basicAuth, withUsers } from "../shared/basic-auth.ts";
import { headNotes } from "../shared/head.ts";
import { requirementsOf, scriptsOf } from "../shared/requirements.ts";
import { installationView, serverFile, serverTarget } from "../shared/server.ts";
import { longPaths, portSuffix, socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";

const id = "apache";

export const apache = serverTarget(id, {
  templates: { "site.conf.hbs": site, "challenge.conf.hbs": challenge, "plain.conf.hbs": plain, "host.conf.hbs": host, "other-sites.conf.hbs": otherSites, "proxy.conf.hbs": proxy, "tls.conf.hbs": tls, "front.conf.hbs": front, "upstream-tls.conf.hbs": upstreamTls, "users.htpasswd.hbs": users, "before-notes.hbs": beforeNotes, "certificate-notes.hbs": certificateNotes, "copy-notes.hbs": copyNotes, "domain-notes.hbs": domainNotes, "published.hbs": published, "user-notes.hbs": userNotes },
  several: "apart",
  unsupported,
  files: ([site]) => withUsers(id, site, serverFile(id, site, { template: "site.conf.hbs", stem: site.fileStem, requires: { ...requirementsOf(site), modules: modulesOf(site) } })),
  view,
});

function unsupported({ publicName, names, otherSites: others, proxy: { upstream } }: Site): Problem[] {
  // With ProxyPreserveHost, Apache uses Host for SNI and for verifying the certificate.
  if (upstream.caFile === undefined || names.exact.length + names.prefixes.length + others.length === 1) return [];
  return [{ code: "verify-names", arguments: { server: id, name: publicName }, place: { pointer: "/proxy/upstream/verify", on: "value" }, reads: ["/proxy/upstream", "/hostname", "/mail_domains", "/discovery", "/additional_server_names", "/other_sites"] }];
}

/** The names for a2enmod, where there is one. Elsewhere the packages load the modules. */
function modulesOf({ family, basicAuth: protectedPaths, proxy: { trustedProxies, tlsBefore, upstream } }: Site): string[] {
  if (!stock[family].tools) return [];
  const remoteIp = trustedProxies.length > 0 ? ["remoteip"] : [];
  const passwords = protectedPaths === undefined ? [] : ["auth_basic", "authn_file", "authz_user"];
  return [...passwords, "headers", ...(tlsBefore ? [] : ["http2"]), "proxy_http", ...remoteIp, "reqtimeout", "rewrite", ...(tlsBefore && upstream.scheme === "http" ? [] : ["ssl"])];
}

/** retry=0: try mailcow again at once after an outage. ttl: seconds for idle connections, less than mailcow's 65. */
const connection = "retry=0 connectiontimeout=4 ttl=30";

/** How Apache follows a host name to a new address. Without a setting, it looks a name up once. */
function following({ proxy: { upstream }, versions }: Site): string {
  if (upstream.resolver === undefined) return "";
  return has(versions, "apacheAddressTtl") ? " addressttl=10" : " disablereuse=on";
}

function view([site]: Sites) {
  const { hostname, publicName, identifier, fileStem, names, challengeNames, proxy: { listen, httpPort, httpsPort, tlsBefore, publicHttpPort, publicHttpsPort, upstream, trustedProxies, proxyProtocol } } = site;
  const believed = trustedProxies.length > 0;
  const served = nameLists(`mailcow_${identifier}_names`, names);
  const challenged = nameLists(`mailcow_${identifier}_certificate_names`, challengeNames);
  const otherNames = { exact: site.otherSites, prefixes: [] };
  const others = nameLists(`mailcow_${identifier}_other_sites`, otherNames);
  const { serverName, aliases } = serverNames(names);
  const certificates = certificatesOf(site);
  const [hostCertificate] = certificates;
  const [main, acme] = [url(upstream.scheme, upstream.main), url("http", upstream.acme)];
  const common = {
    hostname,
    publicName,
    fileStem,
    modules: modulesOf(site).join(" "),
    listens: listens(site),
    // A <VirtualHost> with these addresses instead of * would take the requests of all other sites on them.
    ownAddresses: ownAddresses(listen),
    served,
    others,
    challenged,
    // The names on plain http, and those of them that are redirected. If TLS ends before Apache, other sites have their
    // own virtual host for both.
    plain: [...served, ...(tlsBefore ? [] : others), ...challenged],
    plainAliases: [...aliases, ...(tlsBefore ? [] : site.otherSites), ...serverAliases(challengeNames)],
    redirected: [...served, ...others],
    serverName,
    aliases,
    httpPort,
    httpsPort,
    securePort: tlsBefore ? httpPort : httpsPort,
    publicHttpPort,
    publicHttpsPort,
    tlsBefore: tlsBefore ? { peers: trustedView(site, (networks) => networks) } : null,
    httpHost: `%{SERVER_NAME}${portSuffix(publicHttpPort, 80)}`,
    httpsHost: `%{SERVER_NAME}${portSuffix(publicHttpsPort, 443)}`,
    httpsPortSuffix: portSuffix(publicHttpsPort, 443),
    main,
    acme,
    connection: `${connection}${following(site)}`,
    challenges: site.tls.acmeWebroot === undefined ? "" : `${site.tls.acmeWebroot}/.well-known/acme-challenge`,
    named: upstream.resolver !== undefined,
    // Whether Apache follows mailcow's name only without kept connections.
    unkept: upstream.resolver !== undefined && !has(site.versions, "apacheAddressTtl"),
    longUrls: longPaths.map((path) => `${main}/${path}`),
    upstreamTls: upstream.scheme === "https" ? { caFile: upstream.caFile ?? "" } : null,
    trustedProxies: proxyProtocol.accept ? [] : trustedView(site, (networks) => networks),
    proxyProtocol: proxyProtocol.accept ? { exceptions: complement(trustedProxies) } : null,
    believed,
    addressVariable: `mailcow_${identifier}_address`,
    anyAddress: `\${mailcow_${identifier}_address}`,
    // Without trusted proxies, use the connection's address, even if mod_remoteip is configured elsewhere.
    client: believed ? "%{REMOTE_ADDR}" : "%{CONN_REMOTE_ADDR}",
    access: access(site),
    basicAuth: basicAuth(id, site, "(?:/|%2f)+"),
    hsts: site.tls.hsts ?? "",
    notes: headNotes(site),
    install: installationView(id, [site], fileStem),
    stock: stock[site.family],
    stockSite: httpPort === 80 ? (stock[site.family].site ?? "") : "",
    copies: copiesView(site),
    tls: tlsView(site, hostCertificate),
    sni: scriptsOf([site]),
  };
  return {
    ...common,
    // One virtual host per certificate; they differ only in the certificate and the names.
    secureHosts: certificates.map(({ names: own, certificate, key }) => ({
      ...common,
      ...(tlsBefore ? { aliases: common.plainAliases, known: common.plain } : { ...serverNames(own), known: served }),
      tls: { ...common.tls, certificate, key },
    })),
    otherSites: site.otherSites.length === 0 ? null : { ...common, ...serverNames(otherNames), challenged: [] },
  };
}

function serverNames({ exact: [serverName, ...others], prefixes }: Names): { serverName: string | undefined; aliases: string[] } {
  return { serverName, aliases: serverAliases({ exact: others, prefixes }) };
}

function serverAliases({ exact, prefixes }: Names): string[] {
  return [...exact, ...prefixes.map((prefix) => `${prefix}.*`)];
}

function tlsView(site: Site, { certificate, key }: ServedCertificate) {
  const profile = profileOn(id, site);
  return {
    certificate,
    key,
    protocols: profile.protocols.map((protocol) => `+${protocol}`).join(" "),
    ciphers: profile.ciphers.join(":"),
    cipherSuites: profile.cipherSuites.join(":"),
    groups: profile.groups.join(":"),
  };
}

function url(scheme: "http" | "https", endpoint: Destination): string {
  return `${scheme}://${socket(endpoint)}`;
}
