/** What the targets have in common that pass the mail ports on. */
import before from "../../../templates/shared/mail-before.hbs";
import bansNote from "../../../templates/shared/mail-bans-note.hbs";
import checks from "../../../templates/shared/mail-checks.hbs";
import published from "../../../templates/shared/published.hbs";
import type { Sites } from "../../core/output/target.ts";
import type { TargetId } from "../../core/output/target-id.ts";
import type { Problem } from "../../core/problems/problem.ts";
import { bracketed } from "../../core/network.ts";
import type { MailService } from "../../core/site/mail-services.ts";
import type { MailPorts, Site } from "../../core/site/site.ts";
import { type ServerId, distributions } from "../../core/site/servers.ts";
import { mailHostCommands } from "./host-commands.ts";
import { sectionMissing } from "./section.ts";
import { installationOf } from "./server.ts";

/** A site whose proxy passes mail on. */
export type MailSite = Site & { readonly mail: MailPorts };

/** The sites of a target that nobody asks for files without a section `mail`. */
export function mailSites(sites: Sites): readonly [MailSite, ...MailSite[]] {
  const [first, ...others] = sites.filter(passesMail);
  if (first === undefined) throw new Error("the rules let a site without mail pass");
  return [first, ...others];
}

function passesMail(site: Site): site is MailSite {
  return site.mail !== undefined;
}

/** The error of a target whose section is missing. */
export function mailMissing(target: TargetId, site: Site, entry: string | undefined): Problem[] {
  return passesMail(site) ? [] : sectionMissing(target, { section: "mail", example: "{ address: 10.13.13.2 }" }, entry);
}

/** The templates of the head. */
export const mailTemplates = { "mail-before.hbs": before, "mail-checks.hbs": checks, "mail-bans-note.hbs": bansNote, "published.hbs": published };

/** How long a connection may be idle: longer than IDLE, with which a mail program waits up to 29 minutes for new mail. */
export const idleMinutes = 35;

/** How the file is installed, for its head, and what it takes on the host. */
export function mailInstallation(id: ServerId, sites: readonly [MailSite, ...MailSite[]]) {
  const [site] = sites;
  const { packages, unit, validate, streams } = installationOf(id, site);
  const { install } = distributions[site.family];
  return { command: `${install} ${[...packages, ...(streams?.packages ?? [])].join(" ")}`, unit, validate, host: mailHostCommands(id, site.family, portsOf(sites)) };
}

/** The public ports of all sites, each once. */
function portsOf(sites: readonly MailSite[]): number[] {
  return [...new Set(sites.flatMap(({ mail }) => mail.services.map(({ port }) => port)))];
}

/** For templates/shared/mail-before.hbs and mail-checks.hbs. */
export function mailNotes(sites: readonly [MailSite, ...MailSite[]]) {
  return {
    hostnames: sites.map(({ hostname }) => hostname).join(", "),
    mailcows: sites.map(({ hostname, mail }) => ({ hostname, address: mail.address })),
    several: sites.length > 1,
    everyAddress: sites.some(({ mail }) => mail.listen.some(({ address }) => address === "0.0.0.0" || address === "::")),
    smtp: portsOf(sites).includes(25),
    acceptsProxy: sites.some(({ proxy }) => proxy.proxyProtocol.accept),
    checks: sites.flatMap(checksOf),
    containers: [...new Set(sites.flatMap(({ mail }) => mail.services.map(({ container }) => container)))].join(" "),
    unbanned: sites.filter(({ mail }) => mail.banlist === undefined).map(({ hostname }) => hostname).join(", "),
  };
}

/** How OpenSSL begins TLS with a service that has it only after a command. */
const starttls: Readonly<Record<number, string>> = { 25: "smtp", 587: "smtp", 143: "imap", 110: "pop3", 4190: "sieve" };

/** Commands that show mailcow's certificate: one for a service with STARTTLS, and one for a service with TLS from the start. */
function checksOf({ hostname, mail: { services, listen } }: MailSite): string[] {
  const own = listen.find(({ address }) => address !== "0.0.0.0" && address !== "::");
  const host = own === undefined ? hostname : bracketed(own);
  const command = ({ port }: MailService) => `openssl s_client -connect ${host}:${port} -servername ${hostname}${port in starttls ? ` -starttls ${starttls[port]}` : ""} </dev/null`;
  return [services.find(({ port }) => port in starttls), services.find(({ port }) => !(port in starttls))].flatMap((service) => (service === undefined ? [] : [command(service)]));
}
