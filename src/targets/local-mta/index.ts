/** A Postfix that passes the mail of mailcow's host to mailcow, and listens on no port. */
import template from "../../../templates/local-mta/main.cf.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { fileOnMailcowHost } from "../shared/mailcow-host.ts";
import { sectionMissing } from "../shared/section.ts";

const folder = "/etc/postfix";

export const localMta = {
  kind: "host",
  id: "local-mta",
  belongsTo: "mailcow",
  title: "Postfix",
  versions: "3.6 and later",
  templates: { "main.cf.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.localMta === undefined ? sectionMissing("local-mta", { section: "local_mta", example: "{ hostname: host.example.org, domain: example.org }" }, entry) : []),
  files: ([site]) => [
    fileOnMailcowHost(site, {
      template: "main.cf.hbs",
      name: `${site.fileStem}.cf`,
      installPath: `${folder}/main.cf`,
      mode: "0644",
      validate: `postconf -c ${folder} -n`,
      reload: "systemctl restart postfix",
    }),
  ],
  view: ([site]) => ({
    hostname: site.hostname,
    elsewhere: !site.proxy.sharesHost,
    gateway: `${site.mailcow.ipv4Network}.1`,
    name: site.localMta?.hostname ?? "",
    domain: site.localMta?.domain ?? "",
  }),
} satisfies HostTarget;
