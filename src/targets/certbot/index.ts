/** certbot's order for the described names, and the hook that brings its certificates to mailcow and the proxy. */
import deploy from "../../../templates/certbot/deploy.sh.hbs";
import issue from "../../../templates/certbot/issue.sh.hbs";
import checks from "../../../templates/shell/checks.sh.hbs";
import proxy from "../../../templates/shell/proxy.sh.hbs";
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import type { Target } from "../../core/output/target.ts";
import { pemOf } from "../haproxy/site.ts";
import { otherIssuer } from "../shared/issuer.ts";
import { nothing } from "../shared/requirements.ts";

export const certbot: Target = {
  id: "certbot",
  title: "certbot",
  versions: "1.21 and later",
  templates: { "issue.sh.hbs": issue, "deploy.sh.hbs": deploy, "checks.sh.hbs": checks, "proxy.sh.hbs": proxy },
  several: "apart",
  unsupported,
  files: ([site]) => [
    { template: "issue.sh.hbs", name: `${site.fileStem}-issue.sh`, installPath: issueOf(site), mode: "0755", validate: `sh -n ${issueOf(site)}`, reload: issueOf(site), requires: nothing },
    { template: "deploy.sh.hbs", name: `${programOf(site)}.sh`, installPath: deployOf(site), mode: "0755", validate: `sh -n ${deployOf(site)}`, reload: deployOf(site), requires: nothing },
  ],
  view: ([site]) => ({
    hostname: site.hostname,
    fileStem: site.fileStem,
    names: [...site.names.exact, ...site.challengeNames.exact],
    email: site.tls.email,
    hardlink: site.tls.deploy === "hardlink",
    directory: site.mailcow.directory,
    webroot: `${site.mailcow.directory}/data/web`,
    lineage: site.tls.certificate.replace(/\/[^/]*$/, ""),
    pem: pemOf(site),
    sni: null,
    program: programOf(site),
    issue: issueOf(site),
    deploy: deployOf(site),
  }),
};

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

/** Where certbot looks for it after each renewal. */
function deployOf(site: Site): string {
  return `/etc/letsencrypt/renewal-hooks/deploy/${programOf(site)}.sh`;
}
