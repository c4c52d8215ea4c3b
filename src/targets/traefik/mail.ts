/** Traefik passes the mail ports on to mailcow, with PROXY protocol. */
import head from "../../../templates/traefik-mail/head.yml.hbs";
import staticHead from "../../../templates/traefik-mail/static.yml.hbs";
import type { HostTarget, Sites, TargetFile } from "../../core/output/target.ts";
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { MailService } from "../../core/site/mail-services.ts";
import { has, sinceOf } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import { type MailSite, mailInstallation, mailMissing, mailNotes, mailSites, mailTemplates } from "../shared/mail.ts";
import { nothing } from "../shared/requirements.ts";
import { installationOf, placeOf, serverFile } from "../shared/server.ts";
import { entryPoints } from "./entry-points.ts";
import { id, staticFile } from "./places.ts";
import { keyOf } from "./scopes.ts";

export const traefikMail = {
  kind: "host",
  id: "traefik-mail",
  belongsTo: "proxy",
  title: "Traefik",
  versions: `${sinceOf("traefikTcpTransports")} and later`,
  templates: { "head.yml.hbs": head, "static.yml.hbs": staticHead, ...mailTemplates },
  several: "apart",
  unsupported: (site, entry) => [...mailMissing("traefik-mail", site, entry), ...tooOld(site)],
  files,
  view,
} satisfies HostTarget;

/** The error of a version that takes PROXY protocol in another place. Without a version, it is for one that has it here. */
function tooOld({ mail, versions, stated }: Site): Problem[] {
  if (mail === undefined || !stated.versions.includes(id) || has(versions, "traefikTcpTransports")) return [];
  return [{ code: "mail-version", arguments: { target: "traefik-mail", server: id, version: versions[id], since: sinceOf("traefikTcpTransports") }, place: { pointer: `/versions/${id}`, on: "value" } }];
}

function stemOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `${fileStem}-mail`;
}

function staticNameOf(site: Site): string {
  return `${stemOf(site)}.static`;
}

function files(sites: Sites): TargetFile[] {
  const [site] = mailSites(sites);
  const dynamic = { ...serverFile(id, site, { template: "head.yml.hbs", stem: stemOf(site), requires: nothing }), document: () => dynamicConfiguration(site) };
  return [
    dynamic,
    { ...dynamic, template: "static.yml.hbs", document: () => staticConfiguration(site), name: staticNameOf(site), installPath: staticFile, install: "merged", reload: "systemctl restart traefik" },
  ];
}

function view(sites: Sites) {
  const own = mailSites(sites);
  const [site] = own;
  return { mail: mailNotes(own), install: mailInstallation(id, own), place: placeOf(id, site, stemOf(site)), staticName: staticNameOf(site), staticFile };
}

/** Names with the site's: smtp and imap are usual names of people's own entry points. */
function nameOf(site: Site, service: string): string {
  return `${keyOf(site)}-${service}`;
}

function entryPointsOf(site: MailSite, { name, port }: MailService) {
  return entryPoints(nameOf(site, name), site.mail, port);
}

function dynamicConfiguration(site: MailSite): YamlMapping {
  const { services, address } = site.mail;
  const transport = nameOf(site, "mail");
  const named = (of: (service: MailService) => YamlMapping) => Object.fromEntries(services.map((service) => [nameOf(site, service.name), of(service)]));
  return {
    tcp: {
      routers: named((service) => ({ entryPoints: entryPointsOf(site, service).map(({ name }) => name), rule: "HostSNI(`*`)", service: nameOf(site, service.name) })),
      services: named(({ proxied }) => ({ loadBalancer: { serversTransport: transport, servers: [{ address: `${address}:${proxied}` }] } })),
      serversTransports: { [transport]: { dialTimeout: "5s", proxyProtocol: { version: 2 } } },
    },
  };
}

/** No time limits: Traefik drops them for connections that a TCP router takes. */
function staticConfiguration(site: MailSite): YamlMapping {
  const { mail, proxy: { proxyProtocol, trustedProxies } } = site;
  const trusting = proxyProtocol.accept ? { proxyProtocol: { trustedIPs: trustedProxies } } : {};
  return {
    entryPoints: Object.fromEntries(mail.services.flatMap((service) => entryPointsOf(site, service)).map(({ name, address }) => [name, { address, ...trusting }])),
    providers: { file: { directory: installationOf(id, site).folder } },
  };
}
