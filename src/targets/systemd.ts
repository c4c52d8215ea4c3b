/** Units and a script that have the proxy take a certificate when acme-mailcow has renewed it. */
import path from "../../templates/systemd/reload.path.hbs";
import service from "../../templates/systemd/reload.service.hbs";
import script from "../../templates/systemd/reload.sh.hbs";
import checks from "../../templates/shell/checks.sh.hbs";
import proxy from "../../templates/shell/proxy.sh.hbs";
import type { Site } from "../core/site.ts";
import type { Target, TargetFile } from "../core/target.ts";
import { pemOf } from "./haproxy-site.ts";
import { otherIssuer } from "./issuer.ts";

export const systemd: Target = {
  id: "systemd",
  title: "systemd",
  versions: "249 and later",
  templates: { "reload.path.hbs": path, "reload.service.hbs": service, "reload.sh.hbs": script, "checks.sh.hbs": checks, "proxy.sh.hbs": proxy },
  several: "apart",
  unsupported: (site, entry) => otherIssuer("systemd", "mailcow", site, entry),
  files: ([site]) => files(site),
  view: ([site]) => ({
    hostname: site.hostname,
    fileStem: site.fileStem,
    program: programOf(site),
    script: scriptOf(site),
    certificate: site.tls.certificate,
    key: site.tls.key,
    pem: pemOf(site),
    watched: [site.tls.certificate, site.tls.key],
  }),
};

function programOf({ fileStem }: Site): string {
  return `${fileStem}-reload`;
}

function scriptOf(site: Site): string {
  return `/usr/local/sbin/${programOf(site)}.sh`;
}

function files(site: Site): TargetFile[] {
  const program = programOf(site);
  const units = `/etc/systemd/system/${program}`;
  const validate = `systemd-analyze verify ${units}.path ${units}.service`;
  const reload = `systemctl daemon-reload && systemctl enable --now ${program}.path`;
  return [
    { template: "reload.path.hbs", name: `${program}.path`, installPath: `${units}.path`, mode: "0644", validate, reload },
    { template: "reload.service.hbs", name: `${program}.service`, installPath: `${units}.service`, mode: "0644", validate, reload },
    { template: "reload.sh.hbs", name: `${program}.sh`, installPath: scriptOf(site), mode: "0755", validate: `sh -n ${scriptOf(site)}`, reload: `systemctl start ${program}.service` },
  ];
}
