/** HAProxy passes the mail ports on to mailcow, with PROXY protocol. */
import template from "../../../templates/haproxy-mail/mail.cfg.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { sectionMissing } from "../shared/section.ts";
import { nothing } from "../shared/requirements.ts";

export const haproxyMail = {
  kind: "host",
  id: "haproxy-mail",
  belongsTo: "proxy",
  title: "HAProxy",
  versions: "2.4 and later",
  templates: { "mail.cfg.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.mail === undefined ? sectionMissing("haproxy-mail", { section: "mail", example: "{ address: 10.13.13.2 }" }, entry) : []),
  files: ([site]) => [{ template: "mail.cfg.hbs", name: `${site.fileStem}-mail.cfg`, installPath: `/etc/haproxy/conf.d/${site.fileStem}-mail.cfg`, host: "proxy", install: "replaced", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: "true", requires: nothing }],
  view: ([site]) => ({ hostname: site.hostname }),
} satisfies HostTarget;
