/** rsyslog on mailcow's host: takes the lines of mailcow's containers and writes them to a file of their own. */
import logrotate from "../../../templates/rsyslog/mailcow.logrotate.hbs";
import template from "../../../templates/rsyslog/mailcow.conf.hbs";
import type { HostTarget, TargetFile } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { fileOnMailcowHost } from "../shared/mailcow-host.ts";
import { sectionMissing } from "../shared/section.ts";

const place = "/etc/rsyslog.d/mailcow.conf";
const rotation = "/etc/logrotate.d/mailcow";

/** The input that takes each protocol, and logger's option to speak it. */
const protocols = { udp: { module: "imudp", option: "-d" }, tcp: { module: "imptcp", option: "-T" } } as const;

export const rsyslog = {
  kind: "host",
  id: "rsyslog",
  belongsTo: "mailcow",
  title: "rsyslog",
  versions: "8.2302 and later",
  templates: { "mailcow.conf.hbs": template, "mailcow.logrotate.hbs": logrotate },
  several: "apart",
  unsupported: (site, entry) => (site.syslog === undefined ? sectionMissing("rsyslog", { section: "syslog", example: "{ protocol: udp }" }, entry) : []),
  files: ([site]) => files(site),
  view: ([site]) => view(site),
} satisfies HostTarget;

function files(site: Site): TargetFile[] {
  return [
    fileOnMailcowHost(site, {
      template: "mailcow.conf.hbs",
      name: `${site.fileStem}.conf`,
      installPath: place,
      mode: "0644",
      validate: `rsyslogd -N1 -f ${place}`,
      // The line makes the log, which fail2ban needs to start.
      reload: `systemctl restart rsyslog && ${ready(site)}`,
    }),
    // logrotate reads it at its next run.
    fileOnMailcowHost(site, { template: "mailcow.logrotate.hbs", name: `${site.fileStem}.logrotate`, installPath: rotation, mode: "0644", validate: `logrotate -d ${rotation}`, reload: "true" }),
  ];
}

/** Sends a line as Docker does. */
function ready({ syslog }: Site): string {
  const { protocol = "udp", port = 0 } = syslog ?? {};
  return `logger -n 127.0.0.1 -P ${port} ${protocols[protocol].option} -t mailcow ready`;
}

function view(site: Site) {
  const { protocol = "udp", port = 0, file = "" } = site.syslog ?? {};
  return { hostname: site.hostname, fileStem: site.fileStem, elsewhere: !site.proxy.sharesHost, place, rotation, module: protocols[protocol].module, port, file, ready: ready(site) };
}
