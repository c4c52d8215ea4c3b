/** The site in Apache's words. */
import host from "../../templates/apache/host.conf.hbs";
import proxy from "../../templates/apache/proxy.conf.hbs";
import site from "../../templates/apache/site.conf.hbs";
import tls from "../../templates/apache/tls.conf.hbs";
import type { Problem } from "../core/problem.ts";
import type { Endpoint, Site } from "../core/site.ts";
import type { Sites, Target } from "../core/target.ts";
import { listens, ownAddresses } from "./apache-listen.ts";
import { complement } from "./apache-networks.ts";
import { nameRegex } from "./apache-names.ts";
import { cannotSend } from "./proxy-protocol.ts";
import { longPaths, portSuffix, quoted, socket } from "./spelling.ts";

export const apache: Target = {
  id: "apache",
  title: "Apache",
  versions: "2.4.52 and later",
  templates: { "site.conf.hbs": site, "host.conf.hbs": host, "proxy.conf.hbs": proxy, "tls.conf.hbs": tls },
  several: "apart",
  unsupported,
  files: ([{ fileStem }]) => [
    {
      template: "site.conf.hbs",
      name: `${fileStem}.conf`,
      installPath: `/etc/apache2/sites-available/${fileStem}.conf`,
      mode: "0644",
      validate: "apache2ctl -t",
      reload: "systemctl reload apache2",
    },
  ],
  view,
};

function unsupported(site: Site): Problem[] {
  const { hostname, names, upstream } = site;
  const problems = cannotSend("apache", site);
  // With ProxyPreserveHost, Host is what SNI and the check of the certificate are made of.
  if (upstream.caFile !== undefined && names.exact.length + names.prefixes.length > 1) {
    problems.push({ code: "verify-names", arguments: { hostname }, place: { pointer: "/proxy/upstream/verify", on: "value" } });
  }
  return problems;
}

/** retry=0: asked again at once after an outage. ttl: seconds a connection may lie idle, below mailcow's 65. */
const connection = "retry=0 connectiontimeout=4 ttl=30 responsefieldsize=131072";

function view([site]: Sites): object {
  const { hostname, identifier, fileStem, names, listeners, httpPort, httpsPort, upstream, trustedProxies, proxyProtocol } = site;
  const believed = trustedProxies.length > 0;
  const [main, acme] = [url(upstream.scheme, upstream.main), url("http", upstream.acme)];
  return {
    hostname,
    fileStem,
    modules: ["headers", "http2", "proxy_http", ...(believed ? ["remoteip"] : []), "rewrite", "ssl"].join(" "),
    listens: listens(site),
    // The addresses in a <VirtualHost> that is not *: would take every other site's requests there.
    ownAddresses: ownAddresses(listeners),
    namesVariable: `mailcow_${identifier}_names`,
    names: nameRegex(names),
    anyName: `\${mailcow_${identifier}_names}`,
    aliases: [...names.exact.slice(1), ...names.prefixes.map((prefix) => `${prefix}.*`)],
    httpPort,
    httpsPort,
    httpHost: `%{SERVER_NAME}${portSuffix(httpPort, 80)}`,
    httpsHost: `%{SERVER_NAME}${portSuffix(httpsPort, 443)}`,
    httpsPortSuffix: portSuffix(httpsPort, 443),
    main,
    acme,
    connection,
    longUrls: longPaths.map((path) => `${main}/${path}`),
    upstreamTls: upstream.scheme === "https" ? { caFile: upstream.caFile ?? "" } : null,
    trustedProxies: proxyProtocol.accept ? [] : trustedProxies,
    proxyProtocol: proxyProtocol.accept ? { exceptions: complement(trustedProxies) } : null,
    believed,
    // Without trusted proxies the connection's address counts, whatever mod_remoteip is told elsewhere.
    client: believed ? "%{REMOTE_ADDR}" : "%{CONN_REMOTE_ADDR}",
    access: site.access.map(({ path, allow }) => ({ path, regex: quoted(path).replaceAll("/", "(?:/|%2f)+"), allow })),
    hsts: site.tls.hsts ?? "",
    tls: tlsView(site),
  };
}

function tlsView({ tls: { certificate, key, profile, issuer } }: Site): object {
  return {
    certificate,
    key,
    issuer: { mailcow: issuer === "mailcow", certbot: issuer === "certbot", files: issuer === "files" },
    protocols: profile.protocols.map((protocol) => `+${protocol}`).join(" "),
    ciphers: profile.ciphers.join(":"),
    cipherSuites: profile.cipherSuites.join(":"),
    groups: profile.groups.join(":"),
  };
}

function url(scheme: "http" | "https", endpoint: Endpoint): string {
  return `${scheme}://${socket(endpoint)}`;
}
