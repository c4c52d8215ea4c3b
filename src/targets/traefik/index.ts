/** The Traefik target: the dynamic configuration of a site, and the part of the static one that it needs. */
import find from "../../../templates/traefik/find.sh.hbs";
import head from "../../../templates/traefik/head.yml.hbs";
import staticHead from "../../../templates/traefik/static.yml.hbs";
import beforeNotes from "../../../templates/shared/before-notes.hbs";
import certificateNotes from "../../../templates/shared/certificate-notes.hbs";
import domainNotes from "../../../templates/shared/domain-notes.hbs";
import published from "../../../templates/shared/published.hbs";
import limits from "../../../templates/traefik/limits.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import type { Requirements, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import { has } from "../../core/site/platform.ts";
import type { Site } from "../../core/site/site.ts";
import { headNotes } from "../shared/head.ts";
import { nothing, requirementsOf, scriptsOf } from "../shared/requirements.ts";
import { installationOf, installationView, serverFile, serverTarget } from "../shared/server.ts";
import { portSuffix } from "../shared/spelling.ts";
import { conflicts } from "./conflicts.ts";
import { dynamicConfiguration } from "./document.ts";
import { forwarders, httpEntryPoints, httpsEntryPoints, staticConfiguration } from "./entry-points.ts";
import { answersChallenges, certificatesResolvers, orders, ownCertificates } from "./own-certificates.ts";
import { id, staticFile, storage } from "./places.ts";

export const traefik = serverTarget(id, {
  templates: {
    "head.yml.hbs": head,
    "static.yml.hbs": staticHead,
    "find.sh.hbs": find,
    "limits.hbs": limits,
    "before-notes.hbs": beforeNotes,
    "certificate-notes.hbs": certificateNotes,
    "domain-notes.hbs": domainNotes,
    "published.hbs": published,
    "user-notes.hbs": userNotes,
  },
  several: "apart",
  ownCertificates,
  unsupported: takenEntryPoint,
  conflicts,
  files: ([site]) => files(unconfined(site)),
  view: ([site]) => view(unconfined(site)),
});

/** SELinux does not confine a program that no policy knows, so it reads the issuer's own files. */
export function unconfined(site: Site): Site {
  return { ...site, tls: { ...site.tls, copies: undefined } };
}

/** The error of an entry point for https that has the name of one for http. */
function takenEntryPoint(site: Site): Problem[] {
  const taken = new Set(httpEntryPoints(site).map(({ name }) => name));
  const both = httpsEntryPoints(site).find(({ name }) => taken.has(name));
  if (both === undefined) return [];
  const { http, https } = site.proxy.entryPoints;
  return [{ code: "entry-point-taken", arguments: { name: both.name, other: `${http}-secure` }, place: { pointer: https === "websecure" ? "/proxy/entry_points/http" : "/proxy/entry_points/https", on: "value" }, reads: ["/proxy/entry_points"] }];
}

/** What the static configuration must have. */
function staticPart(site: Site) {
  return staticConfiguration(site, installationOf(id, site).folder, orders(site) ? certificatesResolvers(site) : undefined);
}

/** What the host needs before Traefik reads the dynamic configuration. */
function requires(site: Site): Requirements {
  return orders(site) ? nothing : requirementsOf(site);
}

function files(site: Site): TargetFile[] {
  const dynamic = { ...serverFile(id, site, { template: "head.yml.hbs", stem: site.fileStem, requires: requires(site) }), document: () => dynamicConfiguration(site) };
  return [
    // It may contain hashes of passwords.
    { ...dynamic, mode: site.basicAuth === undefined ? dynamic.mode : "0600" },
    {
      ...dynamic,
      template: "static.yml.hbs",
      document: () => staticPart(site),
      name: `${site.fileStem}.static`,
      installPath: staticFile,
      install: "merged",
      reload: "systemctl restart traefik",
      requires: nothing,
    },
  ];
}

export function view(site: Site) {
  const { hostname, publicName, names, tls, proxy } = site;
  return {
    hostname,
    publicName,
    httpsPortSuffix: portSuffix(proxy.publicHttpsPort, 443),
    install: installationView(id, [site], site.fileStem),
    staticName: `${site.fileStem}.static`,
    staticFile,
    dynamic: "the dynamic file",
    notes: headNotes(site),
    sni: scriptsOf([site]),
    tlsBefore: proxy.tlsBefore,
    proxyProtocol: proxy.proxyProtocol.accept,
    forwarded: forwarders(site).length > 0,
    anyDomain: names.prefixes.length > 0,
    entryPoints: [...httpEntryPoints(site), ...httpsEntryPoints(site)].map(({ name }) => name),
    http: proxy.entryPoints.http,
    orders: orders(site) ? { resolver: tls.certificateResolver, storage, copied: !tls.acmeMailcow } : null,
    answers: answersChallenges(site),
    aliases: has(site.versions, "traefikAliasHeaders"),
  };
}
