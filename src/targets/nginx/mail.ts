/** nginx passes the mail ports on to mailcow, with PROXY protocol. */
import template from "../../../templates/nginx-mail/mail.conf.hbs";
import type { HostTarget, Sites, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { MailService } from "../../core/site/mail-services.ts";
import { has, sinceOf, versionKeys } from "../../core/site/platform.ts";
import type { Streams } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { type MailSite, idleMinutes, mailInstallation, mailMissing, mailNotes, mailSites, mailTemplates } from "../shared/mail.ts";
import { nothing } from "../shared/requirements.ts";
import { installationOf, serverFile } from "../shared/server.ts";
import { trustedView } from "../shared/trusted.ts";
import { listen } from "./listen.ts";

const id = "nginx";

export const nginxMail = {
  kind: "host",
  id: "nginx-mail",
  belongsTo: "proxy",
  title: "nginx",
  versions: "1.18 and later",
  templates: { "mail.conf.hbs": template, ...mailTemplates },
  // A second stream block is an error.
  several: "together",
  unsupported: (site, entry) => [...mailMissing("nginx-mail", site, entry), ...cannotAccept(site)],
  files: (sites) => [file(sites)],
  rivals: (sites) => (sites.length > 1 ? sites.map(({ fileStem }) => fileStem) : [common]).map((stem) => placeOf(sites[0], stem)),
  view,
} satisfies HostTarget;

/** Older versions write a version 1 header with addresses of two families, which Postfix refuses. */
function cannotAccept({ mail, proxy: { proxyProtocol }, versions }: Site): Problem[] {
  if (mail === undefined || !proxyProtocol.accept || has(versions, "nginxSendsProxyV2")) return [];
  return [{ code: "mail-accept-version", arguments: { server: id, version: versions[id], since: sinceOf("nginxSendsProxyV2") }, place: { pointer: "/proxy/proxy_protocol/accept", on: "value" }, reads: ["/proxy/proxy_protocol/accept", ...versionKeys(id)] }];
}

/** The beginning of the file's name for several sites. */
const common = "mailcow";

/** The beginning of a file name that sorts after those of files that load modules, which must come first. */
function prefixOf(site: Site): string {
  return streamsOf(site).included ? "zz-" : "";
}

function streamsOf(site: Site): Streams {
  const { streams } = installationOf(id, site);
  if (streams === undefined) throw new Error("the row of nginx has no streams");
  return streams;
}

function placeOf(site: Site, stem: string): string {
  return `${streamsOf(site).folder}/${prefixOf(site)}${stem}-mail.conf`;
}

function stemOf([first, ...others]: Sites): string {
  return others.length === 0 ? first.fileStem : common;
}

function file(sites: Sites): TargetFile {
  const stem = stemOf(sites);
  return { ...serverFile(id, sites[0], { template: "mail.conf.hbs", stem: `${stem}-mail`, requires: nothing }), installPath: placeOf(sites[0], stem) };
}

function view(sites: Sites) {
  const own = mailSites(sites);
  const [site] = own;
  return {
    mail: mailNotes(own),
    install: mailInstallation(id, own),
    place: placeOf(site, stemOf(sites)),
    prefix: prefixOf(site),
    included: streamsOf(site).included,
    version: has(site.versions, "nginxSendsProxyV2") ? "v2" : "on",
    idleMinutes,
    servers: own.flatMap((one) => one.mail.services.map((service) => server(one, service))),
  };
}

function server(site: MailSite, { title, port, proxied }: MailService) {
  const { hostname, mail, proxy: { proxyProtocol } } = site;
  return {
    title,
    hostname,
    listens: mail.listen.map((listener) => `${listen(listener, port)} so_keepalive=on${proxyProtocol.accept ? " proxy_protocol" : ""}`),
    trustedProxies: proxyProtocol.accept ? trustedView(site, (networks) => networks) : [],
    upstream: `${mail.address}:${proxied}`,
  };
}
