/** Hosting panels: a site's form takes directives for the inside of its nginx server block, and the panel owns everything else. */
import answers from "../../../templates/nginx/answers.conf.hbs";
import authority from "../../../templates/nginx/authority.conf.hbs";
import location from "../../../templates/shared/panel-location.conf.hbs";
import panel from "../../../templates/shared/panel.conf.hbs";
import type { PanelTarget } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import { panelFile, panelOwns } from "../shared/panel.ts";
import { longPaths, portSuffix, socket } from "../shared/spelling.ts";
import { nameGroups, nameRegex, prefixRegexes } from "./names.ts";

const id = "nginx";

/** The partials of a panel's locations. */
export const locationTemplates = { "panel-location.conf.hbs": location };
export const locationFragments: NonNullable<PanelTarget["fragments"]> = {
  answers: { target: id, template: "answers.conf.hbs", specification: answers },
  authority: { target: id, template: "authority.conf.hbs", specification: authority },
};

/** @param steps what else to do in the panel */
function panelTarget(target: PanelTarget["id"], title: string, versions: string, steps: readonly string[]): PanelTarget {
  return {
    kind: "panel",
    appliance: false,
    server: id,
    id: target,
    title,
    versions,
    templates: { "panel.conf.hbs": panel, ...locationTemplates },
    fragments: locationFragments,
    several: "apart",
    unsupported: (site, entry) => [...panelOwns(title, target, site, site.tls.hsts === undefined ? [] : ["/tls/hsts"]), ...answersChallenges(title, site, entry)],
    files: ([site]) => [panelFile("panel.conf.hbs", site, ".conf")],
    view: ([site]) => view(site, title, steps),
  };
}

/** Tokens of other ACME clients get the panel's own answer. */
export function answersChallenges(title: string, { tls: { issuer, acmeMailcow } }: Site, entry: string | undefined): Problem[] {
  if (issuer !== "files") return [{ code: "panel-challenges", arguments: { title, issuer }, place: { pointer: entry ?? "/tls/issuer", on: "value" }, reads: ["/tls/issuer"] }];
  return acmeMailcow ? [{ code: "panel-challenges", arguments: { title, issuer: "acme_mailcow" }, place: { pointer: "/tls/acme_mailcow", on: "value" } }] : [];
}

function view(site: Site, title: string, steps: readonly string[]) {
  const common = { ...commonView(site, title), upstream: socket(site.proxy.upstream.main), variable: null, client: "$remote_addr" };
  return {
    ...common,
    server: "nginx",
    steps,
    locations: [
      { ...common, match: "^~ /", seconds: 300, reason: `^~ keeps requests from the locations with regular expressions that ${title} writes, such as for *.php.` },
      ...longLocations(common),
    ],
  };
}

/** What the text of every panel has. */
export function commonView({ publicName, names, proxy: { publicHttpsPort } }: Site, title: string) {
  return {
    title,
    publicName,
    publicHttpsPort,
    names: [...names.exact, ...names.prefixes.map((prefix) => `${prefix}.*`)],
    httpsPortSuffix: portSuffix(publicHttpsPort, 443),
    redirectNames: [...nameGroups(names.exact).map(nameRegex), ...prefixRegexes(names.prefixes)],
  };
}

/** The locations of clients that wait for news. */
export function longLocations<Common extends object>(common: Common) {
  return longPaths.map((path, index) => ({ ...common, match: `^~ /${path}`, seconds: 3650, reason: index === 0 ? "ActiveSync and DAV clients hold a request for up to an hour." : "" }));
}

export const plesk = panelTarget("plesk", "Plesk", "with nginx 1.18 and later", [
  "In Apache & nginx Settings, turn off Proxy mode and PHP by nginx. Then paste this into Additional nginx directives.",
]);

export const ispconfig = panelTarget("ispconfig", "ISPConfig", "with nginx 1.18 and later", ["Paste this into nginx Directives, in the site's options."]);

export const cloudpanel = panelTarget("cloudpanel", "CloudPanel", "with nginx 1.18 and later", [
  "Paste this into the server block in Vhost, and keep its lines in double braces.",
  "Remove the other locations there. location ^~ /.well-known looks on disk first, and DAV clients would find nothing.",
]);
