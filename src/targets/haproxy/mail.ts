/** HAProxy passes the mail ports on to mailcow, with PROXY protocol. */
import template from "../../../templates/haproxy-mail/mail.cfg.hbs";
import type { HostTarget, Sites } from "../../core/output/target.ts";
import type { Listener } from "../../core/site/site.ts";
import { idleMinutes, mailInstallation, mailMissing, mailNotes, mailSites, mailTemplates } from "../shared/mail.ts";
import { nothing } from "../shared/requirements.ts";
import { placeOf, serverFile } from "../shared/server.ts";
import { socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";
import { sourceLines } from "./names.ts";
import { id, optionsFiles } from "./places.ts";

export const haproxyMail = {
  kind: "host",
  id: "haproxy-mail",
  belongsTo: "proxy",
  title: "HAProxy",
  versions: "2.4 and later",
  templates: { "mail.cfg.hbs": template, ...mailTemplates },
  several: "apart",
  unsupported: (site, entry) => mailMissing("haproxy-mail", site, entry),
  files: ([site]) => [serverFile(id, site, { template: "mail.cfg.hbs", stem: stemOf(site), requires: nothing })],
  view,
} satisfies HostTarget;

function stemOf({ fileStem }: { readonly fileStem: string }): string {
  return `${fileStem}-mail`;
}

function view(sites: Sites) {
  const own = mailSites(sites);
  const [site] = own;
  const { hostname, family, mail: { address, listen, services } } = site;
  const name = `mailcow-${hostname}-mail`;
  return {
    mail: mailNotes(own),
    install: mailInstallation(id, own),
    place: placeOf(id, site, stemOf(site)),
    optionsFile: optionsFiles[family],
    listen: name,
    // HAProxy 3.3 refuses equal names.
    defaults: `${name}-defaults`,
    idleMinutes,
    binds: listen.map((listener) => bind(listener, services.map(({ port }) => port))),
    trustedProxies: trustedView(site, sourceLines),
    address,
  };
}

/** An address with all ports. Each family has its own, or mailcow would see IPv4 clients as IPv6. */
function bind(listener: Listener, ports: readonly number[]): string {
  return `${ports.map((port) => socket({ ...listener, port })).join(",")}${listener.family === 6 ? " v6only" : ""}`;
}
