/** A script that orders a certificate with certbot, and the deploy hook that installs it in mailcow and the proxy. */
import deploy from "../../../templates/certbot/deploy.sh.hbs";
import issue from "../../../templates/certbot/issue.sh.hbs";
import checks from "../../../templates/shared/checks.sh.hbs";
import proxy from "../../../templates/shared/proxy.sh.hbs";
import type { Problem } from "../../core/problems/problem.ts";
import { distributions } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import type { HostTarget } from "../../core/output/target.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { renewalFragments, renewals } from "../shared/renewal.ts";
import { script } from "../shared/script.ts";

export const certbot = {
  kind: "host",
  id: "certbot",
  title: "certbot",
  versions: "1.21 and later",
  templates: { "issue.sh.hbs": issue, "deploy.sh.hbs": deploy, "checks.sh.hbs": checks, "proxy.sh.hbs": proxy },
  fragments: renewalFragments,
  several: "apart",
  unsupported,
  files: ([site]) => [
    script({ template: "issue.sh.hbs", name: `${site.fileStem}-issue.sh`, installPath: issueOf(site), reload: issueOf(site) }),
    script({ template: "deploy.sh.hbs", name: `${programOf(site)}.sh`, installPath: deployOf(site), reload: deployOf(site) }),
  ],
  view: ([site]) => ({
    hostname: site.hostname,
    publicName: site.publicName,
    fileStem: site.fileStem,
    names: [...site.names.exact, ...site.challengeNames.exact],
    email: site.tls.email,
    install: `${distributions[site.family].install} certbot`,
    repository: distributions[site.family].further ?? null,
    hardlink: site.tls.deploy === "hardlink",
    directory: site.mailcow.directory,
    webroot: `${site.mailcow.directory}/data/web`,
    lineage: site.tls.certificate.replace(/\/[^/]*$/, ""),
    servers: renewals(site),
    program: programOf(site),
    issue: issueOf(site),
    deploy: deployOf(site),
  }),
} satisfies HostTarget;

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
