/** Scripts that order a certificate with certbot, and that install it in mailcow and the proxy, on whichever hosts these are. */
import deploy from "../../../templates/certbot/deploy.sh.hbs";
import deployAndSend from "../../../templates/certbot/deploy-and-send.sh.hbs";
import issue from "../../../templates/certbot/issue.sh.hbs";
import proxy from "../../../templates/shared/proxy.sh.hbs";
import type { Problem } from "../../core/problems/problem.ts";
import { lineageOf } from "../../core/site/certificate-place.ts";
import { distributions } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import type { HostTarget, TargetFile } from "../../core/output/target.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { receiveScript, sshOf } from "../shared/mail-host.ts";
import { renewalFragments, renewals } from "../shared/renewal.ts";
import { atOnce, script } from "../shared/script.ts";
import { receiveTemplates, sendTemplates } from "../shared/transfer-templates.ts";

export const certbot = {
  kind: "host",
  id: "certbot",
  title: "certbot",
  versions: "1.21 and later",
  templates: { "issue.sh.hbs": issue, "deploy.sh.hbs": deploy, "deploy-and-send.sh.hbs": deployAndSend, "proxy.sh.hbs": proxy, ...receiveTemplates, ...sendTemplates },
  fragments: renewalFragments,
  several: "apart",
  unsupported,
  files: ([site]) => files(site),
  view: ([site]) => view(site),
} satisfies HostTarget;

function files(site: Site): TargetFile[] {
  const host = site.tls.transfer === "fetch" ? "mailcow" : "proxy";
  const order = script({ template: "issue.sh.hbs", name: `${site.fileStem}-issue.sh`, installPath: issueOf(site), host, reload: issueOf(site) });
  const hook = { name: `${programOf(site)}.sh`, installPath: deployOf(site), host, reload: deployOf(site) } as const;
  if (site.tls.transfer !== "send") return [order, script({ template: "deploy.sh.hbs", ...hook })];
  const { program, script: installPath } = receiveScript(site);
  return [order, script({ template: "deploy-and-send.sh.hbs", ...hook }), script({ template: "receive.sh.hbs", name: `${program}.sh`, installPath, host: "mailcow", reload: atOnce })];
}

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, tls } = site;
  // Where certbot runs on mailcow's host, the proxy is on another one, and fetches the certificate.
  const onMailcow = tls.transfer === "fetch";
  return {
    hostname,
    publicName: site.publicName,
    fileStem,
    names: [...site.names.exact, ...site.otherSites, ...site.challengeNames.exact],
    email: tls.email,
    install: `${distributions[site.family].install} certbot`,
    repository: distributions[site.family].further ?? null,
    hardlink: tls.deploy === "hardlink",
    directory,
    webroot: `${directory}/data/web`,
    lineage: lineageOf(site),
    onMailcow,
    servers: onMailcow ? [] : renewals(site),
    program: programOf(site),
    issue: issueOf(site),
    deploy: deployOf(site),
    ssh: sshOf(site),
    receive: tls.transfer === "send" ? { ...receiveScript(site), challenges: true } : null,
  };
}

function unsupported(site: Site, entry: string | undefined): Problem[] {
  const problems = otherIssuer("certbot", "certbot", site, entry);
  if (problems.length > 0 || site.tls.email !== undefined) return problems;
  return [{ code: "email-missing", arguments: {}, place: { pointer: entry ?? "/tls/issuer", on: "value" } }];
}

function programOf({ fileStem }: Site): string {
  return `${fileStem}-deploy`;
}

function issueOf({ fileStem }: Site): string {
  return `/usr/local/sbin/${fileStem}-issue.sh`;
}

/** The folder in which certbot looks for deploy hooks after each renewal. */
function deployOf(site: Site): string {
  return `/etc/letsencrypt/renewal-hooks/deploy/${programOf(site)}.sh`;
}
