/** NGINX Proxy Manager: the Advanced text of a proxy host, which stands in the server block that NGINX Proxy Manager writes. */
import realip from "../../../templates/nginx/realip.conf.hbs";
import main from "../../../templates/shared/proxy-host.conf.hbs";
import published from "../../../templates/shared/published.hbs";
import { bracketed } from "../../core/network.ts";
import type { PanelTarget } from "../../core/output/target.ts";
import type { Site } from "../../core/site/site.ts";
import { panelCannot, panelContainer, panelFile, panelOwns } from "../shared/panel.ts";
import { socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";
import { answersChallenges, commonView, locationFragments, locationTemplates, longLocations } from "./panels.ts";

const target = "nginx-proxy-manager";
const title = "NGINX Proxy Manager";

export const proxyManager: PanelTarget = {
  kind: "panel",
  appliance: false,
  id: target,
  server: "nginx",
  title,
  versions: "2.15",
  templates: { "proxy-host.conf.hbs": main, ...locationTemplates, "published.hbs": published },
  fragments: { ...locationFragments, realip: { target: "nginx", template: "realip.conf.hbs", specification: realip } },
  several: "apart",
  // The text follows a container's name, and trusts other proxies.
  unsupported: (site, entry) => [
    ...panelOwns(title, target, site, site.tls.hsts === undefined ? [] : ["/tls/hsts"], ["/proxy/upstream/address", "/proxy/trusted_proxies", "/access", "/basic_auth"]),
    ...panelCannot(title, target, site),
    ...answersChallenges(title, site, entry),
    ...panelContainer(title, site, entry),
  ],
  files: ([site]) => [panelFile("proxy-host.conf.hbs", site, ".conf")],
  view: ([site]) => view(site),
};

function view(site: Site) {
  const { identifier, proxy: { upstream: { main: { address, port }, main: upstream, resolver }, trustedProxies } } = site;
  const variable = resolver === undefined ? null : { name: "$mailcow_upstream", value: address, resolver: bracketed(resolver) };
  const believed = trustedProxies.length > 0;
  const common = {
    ...commonView(site, title),
    upstream: variable === null ? socket(upstream) : `${variable.name}:${port}`,
    variable,
    client: believed ? `$client_${identifier}` : "$remote_addr",
  };
  return {
    ...common,
    server: "nginx",
    version: proxyManager.versions,
    form: { host: bracketed(upstream), port },
    proxyProtocol: false,
    // Without a map, such a list is refused from every peer, not only from a trusted proxy.
    realIp: believed ? { from: trustedView(site, (networks) => networks), header: "X-Forwarded-For", unreadable: '$http_x_forwarded_for ~ "^(?:.*, )?,[^, ]"' } : null,
    locations: [
      // It looks for exactly this location, and leaves out its own then.
      { ...common, match: "/", seconds: 300, reason: `With exactly this line, ${title} writes no location / of its own.` },
      ...longLocations(common),
    ],
  };
}
