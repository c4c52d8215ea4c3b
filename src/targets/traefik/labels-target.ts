/** Traefik's configuration for those whose Traefik reads labels: values in mailcow's docker-compose.override.yml, and two files. */
import limits from "../../../templates/traefik/limits.hbs";
import staticHead from "../../../templates/traefik/static.yml.hbs";
import fileHead from "../../../templates/traefik-labels/head.yml.hbs";
import override from "../../../templates/traefik-labels/override.yml.hbs";
import part from "../../../templates/traefik-labels/part.yml.hbs";
import userNotes from "../../../templates/shared/user-notes.hbs";
import { composeDocument, literal } from "../../core/compose/write.ts";
import type { ComposeMapping } from "../../core/merged/values.ts";
import type { MailcowTarget, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import { mailcowHost } from "../shared/mailcow-host.ts";
import { nothing, requirementsOf } from "../shared/requirements.ts";
import { installationOf, serverFile } from "../shared/server.ts";
import { staticConfiguration } from "./entry-points.ts";
import { traefik, unconfined, view as viewOfFiles } from "./index.ts";
import { labelled } from "./labels.ts";
import { certificatesResolvers, orders } from "./own-certificates.ts";
import { id, staticFile } from "./places.ts";

const target = "traefik-labels";

/** mailcow's container that Traefik sends requests to. */
const container = "nginx-mailcow";

/** Docker's name of mailcow's network, unless COMPOSE_PROJECT_NAME is another one. */
const network = "mailcowdockerized_mailcow-network";

export const traefikLabels = {
  kind: "mailcow",
  id: target,
  server: id,
  title: traefik.title,
  versions: traefik.versions,
  templates: {
    "override.yml.hbs": override,
    "head.yml.hbs": fileHead,
    "part.yml.hbs": part,
    "user-notes.hbs": userNotes,
  },
  fragments: {
    limits: { target: id, template: "limits.hbs", specification: limits },
    static: { target: id, template: "static.yml.hbs", specification: staticHead },
  },
  several: "apart",
  unsupported: (site, entry) => [...traefik.unsupported(site, entry), ...elsewhere(site, entry)],
  files: ([site]) => files(unconfined(site)),
  merges: (site) => ({ "docker-compose.override.yml": services(site) }),
  view: ([site]) => view(unconfined(site)),
} satisfies MailcowTarget;

/** The error of a description in which the container with the labels is not where requests go. */
function elsewhere({ proxy: { upstream: { main: { address } } } }: Site, entry: string | undefined): Problem[] {
  if (address === container) return [];
  return [{ code: "labels-container", arguments: { title: traefik.title, address }, place: { pointer: entry ?? "/targets", on: "value" }, reads: ["/proxy/upstream/address"] }];
}

function services(site: Site): Record<string, ComposeMapping> {
  const labels = Object.fromEntries(Object.entries(labelled(site).labels).map(([name, value]) => [name, literal(value)]));
  return { [container]: { labels: { "traefik.enable": "true", "traefik.docker.network": network, ...labels } } };
}

function files(site: Site): TargetFile[] {
  const { fileStem, mailcow: { directory }, basicAuth } = site;
  const compose = `docker compose --project-directory ${directory}`;
  const common = { comment: "#", mode: "0644", group: undefined, install: "merged", requires: nothing } as const;
  const file = { ...serverFile(id, site, { template: "head.yml.hbs", stem: fileStem, requires: orders(site) ? nothing : requirementsOf(site) }), document: () => labelled(site).file };
  return [
    { ...common, template: "override.yml.hbs", name: `${fileStem}.override`, installPath: `${directory}/docker-compose.override.yml`, host: mailcowHost(site), validate: `${compose} config -q`, reload: "docker compose up -d" },
    // It may contain hashes of passwords.
    { ...file, mode: basicAuth === undefined ? file.mode : "0600" },
    { ...common, template: "part.yml.hbs", document: () => staticOf(site), name: `${fileStem}.static`, installPath: staticFile, host: "proxy", validate: undefined, reload: "docker compose restart" },
  ];
}

function staticOf(site: Site) {
  const { providers, ...common } = staticConfiguration(site, installationOf(id, site).folder, orders(site) ? certificatesResolvers(site) : undefined);
  return { ...common, providers: { ...providers, docker: { exposedByDefault: false } } };
}

function view(site: Site) {
  const { mailcow: { directory }, fileStem } = site;
  return { ...viewOfFiles(site), directory, fileStem, network, dynamic: "the dynamic configuration", document: composeDocument(services(site), target) };
}
