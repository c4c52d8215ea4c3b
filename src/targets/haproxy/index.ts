/** The HAProxy target: frontends for each set of sockets, and backends for each site. */
import certificates from "../../../templates/haproxy/certificates.crt-list.hbs";
import client from "../../../templates/haproxy/client.cfg.hbs";
import headers from "../../../templates/haproxy/headers.cfg.hbs";
import host from "../../../templates/haproxy/host.cfg.hbs";
import names from "../../../templates/haproxy/names.cfg.hbs";
import otherSites from "../../../templates/haproxy/other-sites.cfg.hbs";
import route from "../../../templates/haproxy/route.cfg.hbs";
import site from "../../../templates/haproxy/site.cfg.hbs";
import front from "../../../templates/haproxy/front.cfg.hbs";
import beforeNotes from "../../../templates/shared/before-notes.hbs";
import certificateNotes from "../../../templates/shared/certificate-notes.hbs";
import domainNotes from "../../../templates/shared/domain-notes.hbs";
import published from "../../../templates/shared/published.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import combined from "../../../templates/shared/combined.sh.hbs";
import type { Site } from "../../core/site/site.ts";
import type { Sites, TargetFile } from "../../core/output/target.ts";
import { copies } from "./copies.ts";
import { frontends } from "./frontends.ts";
import { certificateList, common, id, optionsFiles, pemFolderOf, pemOf } from "./places.ts";
import { siteView } from "./site.ts";
import { headNotes } from "../shared/head.ts";
import { nothing, scriptsOf, withDomains } from "../shared/requirements.ts";
import { installationView, placeOf, serverFile, serverTarget } from "../shared/server.ts";
import { portSuffix } from "../shared/spelling.ts";

export const haproxy = serverTarget(id, {
  templates: {
    "site.cfg.hbs": site,
    "certificates.crt-list.hbs": certificates,
    "client.cfg.hbs": client,
    "headers.cfg.hbs": headers,
    "host.cfg.hbs": host,
    "names.cfg.hbs": names,
    "combined.sh.hbs": combined,
    "other-sites.cfg.hbs": otherSites,
    "route.cfg.hbs": route,
    "front.cfg.hbs": front,
    "before-notes.hbs": beforeNotes,
    "certificate-notes.hbs": certificateNotes,
    "domain-notes.hbs": domainNotes,
    "published.hbs": published,
    "user-notes.hbs": userNotes,
  },
  // With two frontends on one socket, each would get only some of its connections.
  several: "together",
  copies,
  files,
  rivals: (sites) => (sites.length > 1 ? sites.map(({ fileStem }) => fileStem) : [common]).map((name) => placeOf(id, sites[0], name)),
  view,
});

/** The name for the files and sections. */
function nameOf([first, ...others]: Sites): string {
  return others.length === 0 ? first.fileStem : common;
}

function files(sites: Sites): TargetFile[] {
  const stem = nameOf(sites);
  const secured = withCertificate(sites);
  const requires = {
    ...nothing,
    certificates: secured.map((site) => ({ certificate: site.tls.certificate, key: site.tls.key, combined: pemOf(site) })),
    scripts: scriptsOf(sites),
    folders: withDomains(sites).map(pemFolderOf),
  };
  // HAProxy reads it as root, and it may contain hashes of passwords.
  const mode = sites.some(({ basicAuth }) => basicAuth !== undefined) ? "0600" : "0644";
  const configuration = { ...serverFile(id, sites[0], { template: "site.cfg.hbs", stem, requires }), mode };
  if (sites.length === 1 || secured.length === 0) return [configuration];
  return [configuration, { ...configuration, mode: "0644", template: "certificates.crt-list.hbs", name: `${stem}.crt-list`, installPath: certificateList }];
}

/** The sites whose TLS ends here. */
function withCertificate(sites: Sites): Site[] {
  return sites.filter(({ proxy }) => !proxy.tlsBefore);
}

function view(sites: Sites) {
  const [first, ...others] = sites;
  const name = others.length === 0 ? `mailcow-${first.hostname}` : common;
  // Different from the backends' names: HAProxy 3.2 warns about equal names, and 3.3 refuses them.
  const defaults = `${name}-defaults`;
  const several = others.length > 0;
  return {
    defaults,
    install: installationView(id, sites, nameOf(sites)),
    optionsFile: optionsFiles[first.family],
    hostnames: sites.map(({ hostname }) => hostname),
    several,
    certificateList,
    sni: scriptsOf(sites),
    frontends: frontends(sites, { name, defaults }, [several ? `crt-list ${certificateList}` : `crt ${pemOf(first)}`, ...withDomains(sites).map((site) => `crt ${pemFolderOf(site)}`)].join(" ")),
    sites: sites.map((one) => siteView(one, defaults)),
    // What the files with certificate and key are made of.
    certificates: withCertificate(sites).map((site) => ({ certificate: site.tls.certificate, key: site.tls.key, pem: pemOf(site) })),
    tlsBefore: sites.every(({ proxy }) => proxy.tlsBefore),
    acceptsProxy: sites.some(({ proxy }) => proxy.proxyProtocol.accept),
    notes: headNotes(...sites),
    checks: sites.map(({ publicName, proxy }) => `https://${publicName}${portSuffix(proxy.publicHttpsPort, 443)}/`),
  };
}
