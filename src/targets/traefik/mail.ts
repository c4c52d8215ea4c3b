/** Traefik passes the mail ports on to mailcow, with PROXY protocol. */
import template from "../../../templates/traefik-mail/head.yml.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { sectionMissing } from "../shared/section.ts";
import { nothing } from "../shared/requirements.ts";

export const traefikMail = {
  kind: "host",
  id: "traefik-mail",
  belongsTo: "proxy",
  title: "Traefik",
  versions: "3.5.2 and later",
  templates: { "head.yml.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.mail === undefined ? sectionMissing("traefik-mail", { section: "mail", example: "{ address: 10.13.13.2 }" }, entry) : []),
  files: ([site]) => [{ template: "head.yml.hbs", name: `${site.fileStem}-mail.yml`, installPath: `/etc/traefik/dynamic/${site.fileStem}-mail.yml`, host: "proxy", install: "replaced", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: "true", requires: nothing }],
  view: ([site]) => ({ hostname: site.hostname }),
} satisfies HostTarget;
