/** The passwords of Rspamd's web interface. */
import template from "../../../templates/rspamd/worker-controller.inc.hbs";
import type { MailcowTarget } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { fileOnMailcowHost } from "../shared/mailcow-host.ts";
import { sectionMissing } from "../shared/section.ts";

export const rspamd = {
  kind: "mailcow",
  id: "rspamd",
  title: "Rspamd",
  versions: "3.4 and later",
  templates: { "worker-controller.inc.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.rspamd === undefined ? sectionMissing("rspamd", { section: "rspamd", example: undefined }, entry) : []),
  files: ([site]) => [
    fileOnMailcowHost(site, {
      template: "worker-controller.inc.hbs",
      name: `${site.fileStem}.inc`,
      installPath: placeOf(site),
      // The container makes it Rspamd's own when it starts.
      mode: "0600",
      validate: undefined,
      reload: `cd ${site.mailcow.directory} && docker compose exec -T rspamd-mailcow rspamadm configtest && docker compose restart rspamd-mailcow`,
    }),
  ],
  view: ([site]) => ({
    hostname: site.hostname,
    directory: site.mailcow.directory,
    place: placeOf(site),
    elsewhere: !site.proxy.sharesHost,
    enablePassword: site.rspamd?.enablePassword ?? null,
    password: site.rspamd?.password ?? null,
  }),
} satisfies MailcowTarget;

/** mailcow's worker-controller.inc includes this file after the one that mailcow's own pages write, and git ignores it. */
function placeOf({ mailcow: { directory } }: Site): string {
  return `${directory}/data/conf/rspamd/override.d/worker-controller.custom.inc`;
}
