/** OPNsense and pfSense: their HAProxy packages take texts for some fields of their forms, and own everything else. */
import headers from "../../../templates/haproxy/headers.cfg.hbs";
import host from "../../../templates/haproxy/host.cfg.hbs";
import names from "../../../templates/haproxy/names.cfg.hbs";
import firewall from "../../../templates/shared/firewall.txt.hbs";
import type { PanelTarget } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import { profileOn } from "../../core/site/tls-profile.ts";
import { longPaths, portSuffix } from "../shared/spelling.ts";
import { panelFile, panelOwns } from "../shared/panel.ts";
import { isEmpty, nameLists } from "./frontends.ts";
import { id } from "./places.ts";
import { profileOptions } from "./tls.ts";

/** The words of a form. */
interface Words {
  readonly global: string;
  /** Its own field for the size of a buffer, or undefined when the text must have it. */
  readonly bufferSize: string | undefined;
  readonly frontend: string;
  readonly backend: string;
  readonly tls: string;
  readonly passThrough: string;
}

function firewallTarget(panel: PanelTarget["id"], title: string, versions: string, words: Words): PanelTarget {
  return {
    kind: "panel",
    appliance: true,
    server: id,
    id: panel,
    title,
    versions,
    templates: { "firewall.txt.hbs": firewall },
    fragments: {
      headers: { target: id, template: "headers.cfg.hbs", specification: headers },
      host: { target: id, template: "host.cfg.hbs", specification: host },
      names: { target: id, template: "names.cfg.hbs", specification: names },
    },
    several: "apart",
    unsupported: (site) => [...panelOwns(title, panel, site), ...certbotElsewhere(title, site)],
    files: ([site]) => [panelFile("firewall.txt.hbs", site, ".txt")],
    view: ([site]) => view(site, title, words),
  };
}

/** certbot does not run there, and the firewall has a certificate of its own, so only mailcow's is left to order. */
function certbotElsewhere(title: string, { tls: { issuer }, proxy }: Site): Problem[] {
  if (issuer !== "certbot" || proxy.tlsBefore) return [];
  return [{ code: "panel-issuer", arguments: { title, issuer, wanted: "mailcow" }, place: { pointer: "/tls/issuer", on: "value" }, reads: ["/tls/issuer", "/proxy/tls_ends"] }];
}

function view(site: Site, title: string, words: Words) {
  const { publicName, names: served, challengeNames, tls, proxy: { httpPort, httpsPort, publicHttpsPort, upstream } } = site;
  return {
    title,
    words,
    server: "HAProxy",
    publicName,
    pool: "mailcow",
    upstream: upstream.main,
    httpPort,
    httpsPort,
    publicHttpsPort,
    httpsPortSuffix: portSuffix(publicHttpsPort, 443),
    tls: `${profileOptions(profileOn(id, site), true)} prefer-client-ciphers no-tls-tickets`,
    sites: [nameLists(served)],
    challengeSites: isEmpty(challengeNames) ? [] : [nameLists(challengeNames)],
    routed: [served, challengeNames].map(nameLists).flatMap((some) => [...some.names.map((words) => `-m str -i ${words}`), ...some.prefixes.map((regex) => `-m reg ${regex}`)]),
    longPaths: longPaths.join("|"),
    clientAddress: "src",
    hsts: tls.hsts ?? "",
  };
}

export const opnsense = firewallTarget("opnsense", "OPNsense", "with the HAProxy plugin 5.1 and later", {
  global: "Settings, Global Parameters, Option pass-through",
  bufferSize: "Buffer Size",
  frontend: "Public Service",
  backend: "Backend Pool",
  tls: "SSL option pass-through",
  passThrough: "Option pass-through",
});

export const pfsense = firewallTarget("pfsense", "pfSense", "with the package haproxy 2.4 and later", {
  global: "Settings, Global Advanced pass thru",
  bufferSize: undefined,
  frontend: "Frontend",
  backend: "Backend",
  tls: "Advanced ssl options",
  passThrough: "Advanced pass thru",
});
