/** Sites in HAProxy's words: frontends for each set of sockets, and the backends of each site behind them. */
import certificates from "../../../templates/haproxy/certificates.crt-list.hbs";
import client from "../../../templates/haproxy/client.cfg.hbs";
import headers from "../../../templates/haproxy/headers.cfg.hbs";
import host from "../../../templates/haproxy/host.cfg.hbs";
import names from "../../../templates/haproxy/names.cfg.hbs";
import route from "../../../templates/haproxy/route.cfg.hbs";
import site from "../../../templates/haproxy/site.cfg.hbs";
import { servers } from "../../core/site/servers.ts";
import type { Sites, Target, TargetFile } from "../../core/output/target.ts";
import { frontends } from "./frontends.ts";
import { pemFolderOf, pemOf, siteView } from "./site.ts";
import { nothing, scriptsOf, withDomains } from "../shared/requirements.ts";

export const haproxy: Target = {
  id: "haproxy",
  title: servers.haproxy.title,
  versions: "2.4.24 and later",
  templates: {
    "site.cfg.hbs": site,
    "certificates.crt-list.hbs": certificates,
    "client.cfg.hbs": client,
    "headers.cfg.hbs": headers,
    "host.cfg.hbs": host,
    "names.cfg.hbs": names,
    "route.cfg.hbs": route,
  },
  // Two frontends on one socket would each get some of its connections.
  several: "together",
  unsupported: () => [],
  files,
  rivals: (sites) => (sites.length > 1 ? sites.map(({ fileStem }) => fileStem) : [common]).map(placeOf),
  view,
};

/** What the files and sections of several sites are called by. */
const common = "mailcow";

function placeOf(name: string): string {
  return `/etc/haproxy/conf.d/${name}.cfg`;
}

/** What the files and sections of all sites are called by. */
function nameOf([first, ...others]: Sites): string {
  return others.length === 0 ? first.fileStem : common;
}

function files(sites: Sites): TargetFile[] {
  const name = nameOf(sites);
  const shared = {
    mode: "0644",
    validate: "haproxy -c -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/conf.d",
    reload: "systemctl reload haproxy",
    requires: {
      ...nothing,
      certificates: sites.map((site) => ({ certificate: site.tls.certificate, key: site.tls.key, combined: pemOf(site) })),
      scripts: scriptsOf(sites),
      folders: withDomains(sites).map(pemFolderOf),
    },
  };
  const configuration = { template: "site.cfg.hbs", name: `${name}.cfg`, installPath: placeOf(name), ...shared };
  if (sites.length === 1) return [configuration];
  return [configuration, { template: "certificates.crt-list.hbs", name: `${name}.crt-list`, installPath: certificateList, ...shared }];
}

const certificateList = "/etc/haproxy/mailcow.crt-list";

function view(sites: Sites): object {
  const [first, ...others] = sites;
  const name = others.length === 0 ? `mailcow-${first.hostname}` : common;
  // Not a backend's name: HAProxy 3.2 warns of that, and 3.3 refuses it.
  const defaults = `${name}-defaults`;
  const several = others.length > 0;
  return {
    defaults,
    fileName: nameOf(sites),
    hostnames: sites.map(({ hostname }) => hostname),
    several,
    certificateList,
    sni: scriptsOf(sites),
    frontends: frontends(sites, { name, defaults }, [several ? `crt-list ${certificateList}` : `crt ${pemOf(first)}`, ...withDomains(sites).map((site) => `crt ${pemFolderOf(site)}`)].join(" ")),
    sites: sites.map((one) => siteView(one, defaults)),
    acceptsProxy: sites.some(({ proxyProtocol }) => proxyProtocol.accept),
    mailcowIssues: sites.some(({ tls }) => tls.issuer === "mailcow"),
    filesIssue: sites.some(({ tls }) => tls.issuer === "files"),
    certbotIssues: sites.some(({ tls }) => tls.issuer === "certbot"),
  };
}
