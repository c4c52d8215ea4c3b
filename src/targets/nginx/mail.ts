/** nginx passes the mail ports on to mailcow, with PROXY protocol. */
import template from "../../../templates/nginx-mail/mail.conf.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { sectionMissing } from "../shared/section.ts";
import { nothing } from "../shared/requirements.ts";

export const nginxMail = {
  kind: "host",
  id: "nginx-mail",
  belongsTo: "proxy",
  title: "nginx",
  versions: "1.18 and later",
  templates: { "mail.conf.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.mail === undefined ? sectionMissing("nginx-mail", { section: "mail", example: "{ address: 10.13.13.2 }" }, entry) : []),
  files: ([site]) => [{ template: "mail.conf.hbs", name: `${site.fileStem}-mail.conf`, installPath: `/etc/nginx/modules-enabled/mailcow-mail.conf`, host: "proxy", install: "replaced", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: "true", requires: nothing }],
  view: ([site]) => ({ hostname: site.hostname }),
} satisfies HostTarget;
