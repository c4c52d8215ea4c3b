/** The proxy refuses the clients that mailcow bans on the mail ports: a set of nftables, and a timer that renews it. */
import template from "../../../templates/mail-bans/bans.sh.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { sectionMissing } from "../shared/section.ts";
import { nothing } from "../shared/requirements.ts";

export const mailBans = {
  kind: "host",
  id: "mail-bans",
  belongsTo: "proxy",
  title: "nftables",
  versions: "of systemd 249 and later",
  templates: { "bans.sh.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.mail === undefined ? sectionMissing("mail-bans", { section: "mail", example: "{ address: 10.13.13.2 }" }, entry) : []),
  files: ([site]) => [{ template: "bans.sh.hbs", name: `${site.fileStem}-mail.sh`, installPath: `/usr/local/sbin/${site.fileStem}-mail-bans.sh`, host: "proxy", install: "replaced", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: "true", requires: nothing }],
  view: ([site]) => ({ hostname: site.hostname }),
} satisfies HostTarget;
