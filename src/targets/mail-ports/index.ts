/** mailcow publishes the ports that expect PROXY protocol, for the proxy alone. */
import template from "../../../templates/mail-ports/extra.conf.hbs";
import type { MailcowTarget } from "../../core/output/target.ts";
import { sectionMissing } from "../shared/section.ts";
import { nothing } from "../shared/requirements.ts";

export const mailPorts = {
  kind: "mailcow",
  id: "mail-ports",
  title: "mailcow's mail ports for a proxy",
  versions: "of mailcow 2025-09 and later",
  templates: { "extra.conf.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.mail === undefined ? sectionMissing("mail-ports", { section: "mail", example: "{ address: 10.13.13.2 }" }, entry) : []),
  files: ([site]) => [{ template: "extra.conf.hbs", name: `${site.fileStem}-mail.conf`, installPath: `/root/${site.fileStem}`, host: "mailcow", install: "replaced", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: "true", requires: nothing }],
  view: ([site]) => ({ hostname: site.hostname }),
} satisfies MailcowTarget;
