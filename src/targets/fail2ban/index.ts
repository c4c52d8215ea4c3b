/** fail2ban on mailcow's host: bans clients that fail to log in, before their packets reach mailcow's containers. */
import template from "../../../templates/fail2ban/mailcow.local.hbs";
import type { HostTarget } from "../../core/output/target.ts";
import { mailcowNetworks } from "../../core/site/mailcow-networks.ts";
import type { Site } from "../../core/site/site.ts";
import { fileOnMailcowHost } from "../shared/mailcow-host.ts";
import { sectionMissing } from "../shared/section.ts";

const folder = "/etc/fail2ban";
const place = `${folder}/jail.d/mailcow.local`;

/** The distribution's own filters. */
const jails = [
  { name: "mailcow-dovecot", filter: "dovecot" },
  { name: "mailcow-postfix-sasl", filter: "postfix[mode=auth]" },
];

export const fail2ban = {
  kind: "host",
  id: "fail2ban",
  belongsTo: "mailcow",
  title: "fail2ban",
  versions: "1.0 and later",
  templates: { "mailcow.local.hbs": template },
  several: "apart",
  unsupported: (site, entry) => (site.fail2ban === undefined ? sectionMissing("fail2ban", { section: "fail2ban", example: "{ bantime: 30m }" }, entry) : []),
  files: ([site]) => [
    fileOnMailcowHost(site, {
      template: "mailcow.local.hbs",
      name: `${site.fileStem}.local`,
      installPath: place,
      mode: "0644",
      validate: `fail2ban-client -c ${folder} -t`,
      reload: "systemctl restart fail2ban",
    }),
  ],
  view: ([site]) => view(site),
} satisfies HostTarget;

function view(site: Site) {
  const { maxretry = 0, bantime = "", ignore = [] } = site.fail2ban ?? {};
  return {
    hostname: site.hostname,
    elsewhere: !site.proxy.sharesHost,
    place,
    folder,
    jails,
    shown: jails[0]?.name ?? "",
    logFile: site.syslog?.file ?? "",
    maxretry,
    bantime,
    ignore: [...new Set(["127.0.0.0/8", "::1", ...mailcowNetworks(site.mailcow.ipv4Network), ...ignore])].join(" "),
  };
}
