/** The Caddy target: snippets for each site, and blocks that use them. */
import answers from "../../../templates/caddy/answers.caddyfile.hbs";
import client from "../../../templates/caddy/client.caddyfile.hbs";
import find from "../../../templates/caddy/find.sh.hbs";
import front from "../../../templates/caddy/front.caddyfile.hbs";
import headers from "../../../templates/caddy/headers.caddyfile.hbs";
import main from "../../../templates/caddy/site.caddyfile.hbs";
import name from "../../../templates/caddy/name.caddyfile.hbs";
import optionsTemplate from "../../../templates/caddy/server.options.hbs";
import refused from "../../../templates/caddy/refused.caddyfile.hbs";
import otherSites from "../../../templates/caddy/other-sites.caddyfile.hbs";
import plain from "../../../templates/caddy/plain.caddyfile.hbs";
import serve from "../../../templates/caddy/serve.caddyfile.hbs";
import transport from "../../../templates/caddy/transport.caddyfile.hbs";
import beforeNotes from "../../../templates/shared/before-notes.hbs";
import certificateNotes from "../../../templates/shared/certificate-notes.hbs";
import combined from "../../../templates/shared/combined.sh.hbs";
import domainNotes from "../../../templates/shared/domain-notes.hbs";
import published from "../../../templates/shared/published.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import { has, sinceOf, versionKeys } from "../../core/site/platform.ts";
import type { Sites, TargetFile } from "../../core/output/target.ts";
import { headNotes } from "../shared/head.ts";
import { nothing, scriptsOf, withDomains } from "../shared/requirements.ts";
import { installationOf, installationView, placeOf, serverFile, serverTarget } from "../shared/server.ts";
import { portSuffix } from "../shared/spelling.ts";
import { blocks, options } from "./blocks.ts";
import { copies } from "./copies.ts";
import { id, optionsFileOf, pemFolderOf, pemOf, rivalStems, stemOf } from "./places.ts";
import { ownCertificates } from "./own-certificates.ts";
import { siteView } from "./site.ts";

export const caddy = serverTarget(id, {
  templates: {
    "site.caddyfile.hbs": main,
    "server.options.hbs": optionsTemplate,
    "answers.caddyfile.hbs": answers,
    "client.caddyfile.hbs": client,
    "front.caddyfile.hbs": front,
    "headers.caddyfile.hbs": headers,
    "name.caddyfile.hbs": name,
    "refused.caddyfile.hbs": refused,
    "other-sites.caddyfile.hbs": otherSites,
    "plain.caddyfile.hbs": plain,
    "serve.caddyfile.hbs": serve,
    "transport.caddyfile.hbs": transport,
    "before-notes.hbs": beforeNotes,
    "certificate-notes.hbs": certificateNotes,
    "combined.sh.hbs": combined,
    "find.sh.hbs": find,
    "domain-notes.hbs": domainNotes,
    "published.hbs": published,
    "user-notes.hbs": userNotes,
  },
  // Only one block may be for all names of a port.
  several: "together",
  copies,
  ownCertificates,
  // Older versions lose a certificate that two files have, and a mail domain has the host's until it gets its own.
  unsupported: ({ tls, versions }) =>
    tls.domains.length === 0 || has(versions, "caddyClientIp") ? [] : [{ code: "sni-version", arguments: { target: id, version: versions.caddy, since: sinceOf("caddyClientIp") }, place: { pointer: "/tls/sni", on: "value" }, reads: ["/tls/sni", ...versionKeys(id)] }],
  files,
  rivals: (sites) => rivalStems(sites).map((stem) => placeOf(id, sites[0], stem)),
  view,
});

function files(sites: Sites): TargetFile[] {
  const stem = stemOf(sites);
  const { group } = installationOf(id, sites[0]);
  const requires = {
    ...nothing,
    certificates: securedOf(sites).map((site) => ({ certificate: site.tls.certificate, key: site.tls.key, combined: pemOf(site) })),
    scripts: scriptsOf(sites),
    folders: withDomains(sites).map(pemFolderOf),
  };
  const file = serverFile(id, sites[0], { template: "site.caddyfile.hbs", stem, requires });
  // Caddy reads it as its own user, and it may contain hashes of passwords.
  const secret = sites.some(({ basicAuth }) => basicAuth !== undefined);
  const configuration = secret ? { ...file, mode: "0640", group } : file;
  if (options(sites) === null) return [configuration];
  return [configuration, { ...file, template: "server.options.hbs", name: `${stem}.options`, installPath: optionsFileOf(sites) }];
}

/** Whether Caddy orders certificates itself, and whether they are copied to mailcow; null if it orders none. */
function ordersOf(sites: Sites) {
  const ordering = sites.filter(({ proxy, tls }) => !proxy.tlsBefore && tls.issuer === "proxy");
  return ordering.length === 0 ? null : { copied: ordering.some(({ tls }) => !tls.acmeMailcow), all: ordering.length === sites.length };
}

/** The sites whose TLS ends here, with a certificate that somebody else orders. */
function securedOf(sites: Sites) {
  return sites.filter(({ proxy, tls }) => !proxy.tlsBefore && tls.issuer !== "proxy");
}

/** Where HTTP/3 can be turned off: in our options, where they have the server's, else in the administrator's; null if it is off. */
function http3(sites: Sites): { readonly ours: boolean } | null {
  const on = sites.some(({ proxy }) => !proxy.tlsBefore && !proxy.proxyProtocol.accept);
  return on ? { ours: options(sites)?.readHeader === true } : null;
}

/** What Caddy from 2.8 on refuses of the file, or else what it warns about; null if it does neither. */
function oldWordsOf(sites: Sites) {
  if (has(sites[0].versions, "caddyNewWords")) return null;
  const refused = !has(sites[0].versions, "caddyClientIp") && sites.some(({ proxy }) => proxy.trustedProxies.length > 0 && !proxy.proxyProtocol.accept);
  const deprecated = [
    ...(sites.some(({ basicAuth }) => basicAuth !== undefined) ? ["basicauth"] : []),
    ...(sites.some(({ proxy: { upstream } }) => upstream.scheme === "https" && upstream.caFile !== undefined) ? ["tls_trusted_ca_certs"] : []),
  ];
  return refused || deprecated.length > 0 ? { refused, deprecated: deprecated.map((word) => `"${word}"`).join(" and ") } : null;
}

function view(sites: Sites) {
  const [first] = sites;
  const { group, folder } = installationOf(id, first);
  const global = options(sites);
  return {
    install: installationView(id, sites, stemOf(sites)),
    folder,
    imported: `${folder.slice("/etc/caddy/".length)}/*.caddyfile`,
    group,
    oldWords: oldWordsOf(sites),
    several: sites.length > 1,
    hostnames: sites.map(({ hostname }) => hostname),
    options: global,
    onlyIpv6: sites.some(({ proxy: { listen } }) => listen.some(({ address }) => address === "::") && !listen.some(({ address }) => address === "0.0.0.0")),
    otherPorts: global?.redirects === true,
    http3: http3(sites),
    optionsFile: optionsFileOf(sites),
    optionsName: optionsFileOf(sites).slice("/etc/caddy/".length),
    sites: sites.map(siteView),
    groups: blocks(sites),
    certificates: securedOf(sites).map((site) => ({ certificate: site.tls.certificate, key: site.tls.key, pem: pemOf(site) })),
    orders: ordersOf(sites),
    allOrdered: ordersOf(sites)?.all === true,
    sni: scriptsOf(sites),
    open: "{",
    tlsBefore: sites.every(({ proxy }) => proxy.tlsBefore),
    acceptsProxy: sites.some(({ proxy }) => proxy.proxyProtocol.accept),
    notes: headNotes(...sites),
    checks: sites.map(({ publicName, proxy }) => `https://${publicName}${portSuffix(proxy.publicHttpsPort, 443)}/`),
  };
}
