/** Units and a script that reload the proxy when acme-mailcow has renewed a certificate. */
import path from "../../../templates/systemd/reload.path.hbs";
import service from "../../../templates/systemd/reload.service.hbs";
import reloadScript from "../../../templates/systemd/reload.sh.hbs";
import checks from "../../../templates/shared/checks.sh.hbs";
import proxy from "../../../templates/shared/proxy.sh.hbs";
import type { Site } from "../../core/site/site.ts";
import type { HostTarget, TargetFile } from "../../core/output/target.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { renewalFragments, renewals } from "../shared/renewal.ts";
import { nothing } from "../shared/requirements.ts";
import { script } from "../shared/script.ts";
import { reloadProgramOf, reloadScriptOf } from "../shared/reload-script.ts";

export const systemd = {
  kind: "host",
  id: "systemd",
  title: "systemd",
  versions: "249 and later",
  templates: { "reload.path.hbs": path, "reload.service.hbs": service, "reload.sh.hbs": reloadScript, "checks.sh.hbs": checks, "proxy.sh.hbs": proxy },
  fragments: renewalFragments,
  several: "apart",
  unsupported: (site, entry) => otherIssuer("systemd", "mailcow", site, entry),
  files: ([site]) => files(site),
  view: ([site]) => ({
    hostname: site.hostname,
    fileStem: site.fileStem,
    program: reloadProgramOf(site),
    script: reloadScriptOf(site),
    ssl: folderOf(site.tls.certificate),
    certificate: site.tls.certificate,
    key: site.tls.key,
    copies: site.tls.copies ?? null,
    servers: renewals(site),
    sni: site.tls.domains.length > 0 ? { links: linksOf(site), domains: site.tls.domains } : null,
    watched: watched(site),
  }),
} satisfies HostTarget;

/** Files and folders that change when there is a new certificate. */
function watched({ tls }: Site): string[] {
  const folder = folderOf(tls.certificate);
  if (tls.domains.length === 0) return [tls.certificate, tls.key];
  // acme-mailcow names a domain's folder after the first of its names that points to this host.
  return [folder, ...tls.domains.flatMap(({ first }) => first.map((name) => `${folder}/${name}`))];
}

function folderOf(file: string): string {
  return file.replace(/\/[^/]*$/, "");
}

/** The folder with the links to the domains' certificates. */
function linksOf({ tls: { domains: [first] } }: Site): string {
  return first === undefined ? "" : folderOf(folderOf(first.certificate));
}

function files(site: Site): TargetFile[] {
  const program = reloadProgramOf(site);
  const units = `/etc/systemd/system/${program}`;
  const unit = {
    install: "replaced",
    comment: "#",
    mode: "0644",
    validate: `systemd-analyze verify ${units}.path ${units}.service`,
    reload: `systemctl daemon-reload && systemctl enable --now ${program}.path`,
    requires: nothing,
  } as const;
  return [
    { template: "reload.path.hbs", name: `${program}.path`, installPath: `${units}.path`, ...unit },
    { template: "reload.service.hbs", name: `${program}.service`, installPath: `${units}.service`, ...unit },
    script({ template: "reload.sh.hbs", name: `${program}.sh`, installPath: reloadScriptOf(site), reload: `systemctl start ${program}.service` }),
  ];
}
