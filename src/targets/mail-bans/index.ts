/**
 * The proxy's host drops the packets of clients that mailcow bans on the mail ports: a table of nftables, and a timer that renews
 * it. A list in the server's own files would need a reload for each ban, and old processes would stay for as long as their
 * IMAP sessions last. Packets are also cheaper to refuse than connections, and it is the same for all servers.
 */
import script from "../../../templates/mail-bans/bans.sh.hbs";
import service from "../../../templates/mail-bans/bans.service.hbs";
import timer from "../../../templates/mail-bans/bans.timer.hbs";
import say from "../../../templates/shared/say.sh.hbs";
import { bracketed, isWildcard } from "../../core/network.ts";
import type { HostTarget, Sites, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { Listener, MailPorts, Site } from "../../core/site/site.ts";
import { distributions } from "../../core/site/servers.ts";
import { type MailSite, mailMissing, mailSites } from "../shared/mail.ts";
import { script as scriptFile } from "../shared/script.ts";
import { unitFiles } from "../shared/units.ts";

export const mailBans = {
  kind: "host",
  id: "mail-bans",
  belongsTo: "proxy",
  title: "nftables",
  versions: "1.0 and later",
  templates: { "bans.sh.hbs": script, "bans.service.hbs": service, "bans.timer.hbs": timer, "say.sh.hbs": say },
  several: "apart",
  unsupported: (site, entry) => [...mailMissing("mail-bans", site, entry), ...unusable(site, entry)],
  files: ([site]) => files(site),
  view,
} satisfies HostTarget;

function unusable({ mail, proxy: { proxyProtocol } }: Site, entry: string | undefined): Problem[] {
  if (mail === undefined) return [];
  if (mail.banlist === undefined) return [{ code: "banlist-missing", arguments: {}, place: { pointer: entry ?? "/mail", on: "value" }, reads: ["/mail/banlist"] }];
  return proxyProtocol.accept ? [{ code: "banlist-front", arguments: {}, place: { pointer: "/mail/banlist", on: "key" } }] : [];
}

function programOf({ fileStem }: Pick<Site, "fileStem">): string {
  return `${fileStem}-mail-bans`;
}

function scriptOf(site: Pick<Site, "fileStem">): string {
  return `/usr/local/sbin/${programOf(site)}.sh`;
}

function files(site: Site): TargetFile[] {
  const program = programOf(site);
  return [
    ...unitFiles({ host: "proxy", program, starter: "timer", template: "bans" }),
    // It has the list's ID.
    { ...scriptFile({ template: "bans.sh.hbs", name: `${program}.sh`, installPath: scriptOf(site), host: "proxy", reload: `systemctl start ${program}.service` }), mode: "0700" },
  ];
}

function view(sites: Sites) {
  const [site] = mailSites(sites);
  const { hostname, identifier, family, publicName, mail, proxy: { upstream: { scheme, main, caFile }, proxyProtocol } } = site;
  return {
    hostname,
    publicName,
    program: programOf(site),
    script: scriptOf(site),
    state: `/var/lib/${programOf(site)}`,
    install: distributions[family].install,
    table: `mailcow_bans_${identifier}`,
    scheme,
    https: scheme === "https",
    caFile: caFile ?? null,
    sendsProxy: proxyProtocol.send,
    url: `${scheme}://${publicName}:${main.port}${pathOf(mail)}`,
    connectTo: `${publicName}:${main.port}:${bracketed(main)}:${main.port}`,
    ports: mail.services.map(({ port }) => port).join(", "),
    never4: neverBanned(site, 4).join(", "),
    never6: neverBanned(site, 6).join(", "),
    rules: rulesOf(mail),
  };
}

/** The path and the ID of the list's address, whose host clients reach through the proxy. */
function pathOf({ banlist = "" }: MailPorts): string {
  return banlist.slice(banlist.indexOf("/", "https://".length));
}

/** mailcow, and the proxy. */
function neverBanned({ mail, proxy }: MailSite, family: 4 | 6): string[] {
  const listening = mail.listen.filter((one) => !isEvery(one)).map(({ address }) => address);
  const reached = proxy.upstream.main.family === undefined ? [] : [proxy.upstream.main.address];
  return [...new Set([mail.address, ...reached, ...mail.proxies, ...listening])].filter((address) => address.includes(":") === (family === 6));
}

function rulesOf({ listen }: MailPorts): string[] {
  return ([[4, "ip"], [6, "ip6"]] as const).flatMap(([family, word]) => {
    const listening = listen.filter((one) => one.family === family);
    const addresses = listening.map(({ address }) => address);
    if (addresses.length === 0) return [];
    const here = listening.some(isEvery) ? "fib daddr type local" : `${word} daddr { ${addresses.join(", ")} }`;
    return [`${word} saddr @banned${family} ${here} counter drop`];
  });
}

function isEvery({ address, family }: Listener): boolean {
  return isWildcard({ text: address, family });
}
