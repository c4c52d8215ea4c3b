/** The values that the proxy needs in mailcow.conf. */
import template from "../../../templates/mailcow-conf/mailcow.conf.hbs";
import type { Decision } from "../../core/mailcow-conf/decision.ts";
import { decide } from "../../core/mailcow-conf/decisions.ts";
import { decideMailPorts } from "../../core/mailcow-conf/mail-ports.ts";
import type { MailcowTarget } from "../../core/output/target.ts";
import { nothing } from "../shared/requirements.ts";

/** The command that applies new values, to be run in mailcow's folder. */
export const reload = "docker compose up -d";

export const mailcowConf = {
  kind: "mailcow",
  id: "mailcow-conf",
  title: "mailcow.conf",
  versions: "of mailcow 2025-09 and later",
  templates: { "mailcow.conf.hbs": template },
  several: "apart",
  unsupported: () => [],
  files: ([{ fileStem, mailcow, proxy }]) => [
    {
      template: "mailcow.conf.hbs",
      name: `${fileStem}.conf`,
      installPath: `${mailcow.directory}/mailcow.conf`,
      host: proxy.sharesHost ? "proxy" : "mailcow",
      install: "merged",
      comment: "#",
      // The real file contains passwords.
      mode: "0600",
      group: undefined,
      validate: undefined,
      reload,
      requires: nothing,
    },
  ],
  merges: () => ({ "mailcow.conf": true }),
  view: ([site]) => ({
    hostname: site.hostname,
    internal: site.publicName !== site.hostname,
    directory: site.mailcow.directory,
    ownCertificates: site.tls.issuer === "mailcow",
    // The target that copies the certificate of another program to mailcow.
    copies: site.tls.issuer === "certbot" ? "certbot" : site.tls.issuer === "proxy" || site.tls.transfer === "send" ? "systemd" : null,
    program: { certbot: "certbot", proxy: "the proxy", files: "elsewhere", mailcow: "elsewhere" }[site.tls.issuer],
    elsewhere: !site.proxy.sharesHost,
    mailPorts: Object.entries(decideMailPorts(site)).flatMap(([key, decision]) => (decision.kind === "set" ? [{ key, value: decision.value }] : [])),
    ...Object.fromEntries(Object.entries(decide(site)).map(([key, decision]) => [key, shown(decision)])),
  }),
} satisfies MailcowTarget;

/** The value of a key as it is written in the file; undefined when nothing is set. */
function shown(decision: Decision): string | undefined {
  switch (decision.kind) {
    case "set":
    case "hostname":
      return decision.value;
    case "list":
      return decision.entries.length === 0 ? undefined : decision.entries.join(",");
    case "clear":
    case "leave":
      return undefined;
  }
}
