/** Scripts that order a certificate with certbot, and that install it in mailcow and the proxy, on whichever hosts these are. */
import answer from "../../../templates/certbot/answer.sh.hbs";
import deploy from "../../../templates/certbot/deploy.sh.hbs";
import deployAndSend from "../../../templates/certbot/deploy-and-send.sh.hbs";
import deployProxy from "../../../templates/certbot/deploy-proxy.sh.hbs";
import issue from "../../../templates/certbot/issue.sh.hbs";
import lineage from "../../../templates/certbot/lineage.sh.hbs";
import proxy from "../../../templates/shared/proxy.sh.hbs";
import type { Problem } from "../../core/problems/problem.ts";
import { certbotNames, certbotWebroot } from "../../core/site/certbot-order.ts";
import { lineageOf } from "../../core/site/certificate-place.ts";
import { renewalKeys } from "../../core/site/renewal-targets.ts";
import { distributions } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import type { HostTarget, TargetFile } from "../../core/output/target.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { answerScript, receiveScript, sshOf } from "../shared/mail-host.ts";
import { renewalFragments, renewals } from "../shared/renewal.ts";
import { atOnce, script } from "../shared/script.ts";
import { receiveTemplates, sendTemplates } from "../shared/transfer-templates.ts";

export const certbot = {
  kind: "host",
  id: "certbot",
  belongsTo: "proxy",
  title: "certbot",
  versions: "1.21 and later",
  templates: {
    "issue.sh.hbs": issue,
    "deploy.sh.hbs": deploy,
    "deploy-and-send.sh.hbs": deployAndSend,
    "deploy-proxy.sh.hbs": deployProxy,
    "lineage.sh.hbs": lineage,
    "answer.sh.hbs": answer,
    "proxy.sh.hbs": proxy,
    ...receiveTemplates,
    ...sendTemplates,
  },
  fragments: renewalFragments,
  several: "apart",
  unsupported,
  files: ([site]) => files(site),
  view: ([site]) => view(site),
} satisfies HostTarget;

function files(site: Site): TargetFile[] {
  const host = site.tls.transfer === "fetch" ? "mailcow" : "proxy";
  const there = thereOf(site);
  return [
    script({ template: "issue.sh.hbs", name: `${site.fileStem}-issue.sh`, installPath: issueOf(site), host, reload: issueOf(site) }),
    script({ template: hookOf(site), name: `${programOf(site)}.sh`, installPath: deployOf(site), host, reload: deployOf(site) }),
    ...(there === undefined ? [] : [script({ template: there.template, name: `${there.program}.sh`, installPath: there.script, host: "mailcow", reload: atOnce })]),
  ];
}

/** The template of the deploy hook, which brings the certificate to whatever serves it. */
function hookOf({ tls: { transfer, acmeMailcow } }: Site): string {
  if (acmeMailcow) return "deploy-proxy.sh.hbs";
  return transfer === "send" ? "deploy-and-send.sh.hbs" : "deploy.sh.hbs";
}

/** The script on mailcow's host that certbot's host runs over SSH; undefined where it needs none. */
function thereOf(site: Site) {
  if (site.tls.transfer === "send") return { template: "receive.sh.hbs", ...receiveScript(site) };
  return certbotWebroot(site) === undefined ? { template: "answer.sh.hbs", ...answerScript(site) } : undefined;
}

function view(site: Site) {
  const { hostname, fileStem, mailcow: { directory }, tls } = site;
  const { install: command, certbot: further } = distributions[site.family];
  // Where certbot runs on mailcow's host, the proxy is on another one, and fetches the certificate.
  const onMailcow = tls.transfer === "fetch";
  const webroot = certbotWebroot(site);
  return {
    hostname,
    publicName: site.publicName,
    fileStem,
    names: certbotNames(site).exact,
    email: tls.email,
    install: `${command} certbot`,
    further: further === undefined ? null : { install: `${command} ${further.repository}`, timer: further.timer },
    hardlink: tls.deploy === "hardlink",
    directory,
    /** Whether certbot is on the proxy's host, and mailcow on another one. */
    elsewhere: !onMailcow && !site.proxy.sharesHost,
    acmeMailcow: tls.acmeMailcow,
    webroot: webroot ?? null,
    proxyAnswers: webroot !== undefined && webroot === tls.acmeWebroot,
    overSsh: webroot === undefined,
    lineage: lineageOf(site),
    onMailcow,
    servers: onMailcow ? [] : renewals(site),
    program: programOf(site),
    issue: issueOf(site),
    deploy: deployOf(site),
    ssh: sshOf(site),
    there: thereOf(site) ?? null,
    receive: { ...receiveScript(site), challenges: webroot === undefined },
  };
}

function unsupported(site: Site, entry: string | undefined): Problem[] {
  const problems = otherIssuer("certbot", "certbot", site, entry);
  if (problems.length > 0 || site.tls.email !== undefined) return problems;
  return [{ code: "email-missing", arguments: {}, place: { pointer: entry ?? "/tls/issuer", on: "value" }, reads: ["/tls/email", ...renewalKeys] }];
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
