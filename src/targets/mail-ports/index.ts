/** mailcow publishes the ports that expect PROXY protocol, for the proxy alone: values in mailcow's files, behind a firewall. */
import extraConf from "../../../templates/mail-ports/extra.conf.hbs";
import flushed from "../../../templates/mail-ports/flushed.conf.hbs";
import persistent from "../../../templates/mail-ports/persistent.conf.hbs";
import override from "../../../templates/mail-ports/override.yml.hbs";
import rules from "../../../templates/mail-ports/ports.nft.hbs";
import script from "../../../templates/mail-ports/ports.sh.hbs";
import service from "../../../templates/mail-ports/ports.service.hbs";
import steps from "../../../templates/mail-ports/steps.hbs";
import { publishedPort } from "../../core/compose/ports.ts";
import { composeDocument } from "../../core/compose/write.ts";
import { linesOf } from "../../core/dovecot/write.ts";
import type { ComposeMapping, DovecotNetworks } from "../../core/merged/values.ts";
import type { MailcowTarget, TargetFile } from "../../core/output/target.ts";
import type { MailPorts, Site } from "../../core/site/site.ts";
import { fileOnMailcowHost, mailcowHost } from "../shared/mailcow-host.ts";
import { mailMissing } from "../shared/mail.ts";
import { nothing } from "../shared/requirements.ts";
import { firewall } from "./firewall.ts";

const id = "mail-ports";

export const mailPorts = {
  kind: "mailcow",
  id,
  title: "mailcow's mail ports for a proxy",
  versions: "of mailcow 2025-09 and later",
  templates: {
    "ports.nft.hbs": rules,
    "ports.sh.hbs": script,
    "ports.service.hbs": service,
    "flushed.conf.hbs": flushed,
    "persistent.conf.hbs": persistent,
    "extra.conf.hbs": extraConf,
    "override.yml.hbs": override,
    "steps.hbs": steps,
  },
  several: "apart",
  unsupported: (site, entry) => mailMissing(id, site, entry),
  files: ([site]) => (site.mail === undefined ? [] : files(site, site.mail)),
  merges: ({ mail }) => (mail === undefined ? {} : { "data/conf/dovecot/extra.conf": settings(mail), "docker-compose.override.yml": services(mail) }),
  view: ([site]) => view(site),
} satisfies MailcowTarget;

function files(site: Site, mail: MailPorts): TargetFile[] {
  const { fileStem, mailcow: { directory } } = site;
  const { template, place, mode, validate, unit, dropIns } = firewall(site, mail);
  // A reload leaves Docker alone, which needs the unit.
  const reload = `systemctl daemon-reload && systemctl enable ${unit} && systemctl reload-or-restart ${unit}`;
  const unitPlace = `/etc/systemd/system/${unit}`;
  const merged = { host: mailcowHost(site), install: "merged", comment: "#", mode: "0644", group: undefined, requires: nothing } as const;
  return [
    fileOnMailcowHost(site, { template, name: nameOf(place), installPath: place, mode, validate, reload }),
    fileOnMailcowHost(site, { template: "ports.service.hbs", name: unit, installPath: unitPlace, mode: "0644", validate: `systemd-analyze verify ${unitPlace}`, reload }),
    ...dropIns.map((dropIn) => fileOnMailcowHost(site, { template: dropIn.template, name: `${fileStem}-${dropIn.service}.conf`, installPath: dropIn.place, mode: "0644", validate: undefined, reload })),
    { template: "extra.conf.hbs", name: `${fileStem}.conf`, installPath: `${directory}/data/conf/dovecot/extra.conf`, validate: undefined, reload: "docker compose restart dovecot-mailcow", ...merged },
    { template: "override.yml.hbs", name: `${fileStem}.yml`, installPath: `${directory}/docker-compose.override.yml`, validate: `docker compose --project-directory ${directory} config -q`, reload: "docker compose up -d", ...merged },
  ];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function services({ services: wanted }: MailPorts): Record<string, ComposeMapping> {
  const containers = [...new Set(wanted.map(({ container }) => container))];
  return Object.fromEntries(containers.map((container) => [container, { ports: wanted.filter((one) => one.container === container).map(publishedPort) }]));
}

function settings({ proxies }: MailPorts): DovecotNetworks[] {
  return [{ name: "haproxy_trusted_networks", networks: proxies, about: ["Whoever is in this list tells Dovecot who a client is. It is for the proxy only."] }];
}

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, mail } = site;
  if (mail === undefined) throw new Error("mail-ports is asked for without its section");
  const own = firewall(site, mail);
  return { hostname, fileStem, directory, address: mail.address, unit: own.unit, firewall: { ...own, dropIns: Object.fromEntries(own.dropIns.map(({ service, place }) => [service, place])) }, settings: settings(mail).map(linesOf).join(""), document: composeDocument(services(mail), id) };
}
