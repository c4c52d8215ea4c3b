/** The common parts of all server targets, from their rows in src/core/site/servers.ts. */
import type { Requirements, ServerTarget, Sites, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import { compareVersions, oldest, versionKeys } from "../../core/site/platform.ts";
import { type Installation, type ServerId, distributions, servers } from "../../core/site/servers.ts";
import type { Site } from "../../core/site/site.ts";
import { hostCommands } from "./host-commands.ts";
import { atOnce } from "./script.ts";

type Own<View extends object> = Pick<ServerTarget<View>, "templates" | "several" | "files" | "view"> & Partial<Pick<ServerTarget<View>, "copies" | "ownCertificates" | "rivals" | "unsupported" | "conflicts">>;

/** @param own the parts that the server's folder adds to its row */
export function serverTarget<View extends object>(id: ServerId, own: Own<View>): ServerTarget<View> {
  return {
    kind: "server",
    id,
    title: servers[id].title,
    versions: `${oldest[id].replace(/^(\d+\.\d+)\.0$/, "$1")} and later`,
    copies: undefined,
    ownCertificates: undefined,
    ...own,
    unsupported: (site, entry) => [...cannotSend(id, site), ...tooOld(id, site), ...cannotOrder(servers[id].acme ? undefined : servers[id].title, "mailcow", site), ...cannotServe(id, site), ...unnamed(id, site), ...(own.unsupported?.(site, entry) ?? [])],
  };
}

/** The error of a server that cannot send PROXY protocol to mailcow, if the description asks for that. */
function cannotSend(id: ServerId, { proxy: { proxyProtocol } }: Site): Problem[] {
  if (!proxyProtocol.send || servers[id].proxyProtocol.sends !== undefined) return [];
  return [{ code: "proxy-protocol-send", arguments: { target: id }, place: { pointer: "/proxy/proxy_protocol/send", on: "value" } }];
}

/** The errors of a server whose newer versions can accept or send PROXY protocol. */
function tooOld(id: ServerId, { proxy: { proxyProtocol }, versions }: Site): Problem[] {
  const { accepts, sends } = servers[id].proxyProtocol;
  return ([["accept", accepts], ["send", sends]] as const).flatMap(([verb, since]): Problem[] =>
    !proxyProtocol[verb] || since === undefined || compareVersions(oldest[id], since) >= 0 || compareVersions(`${versions[id]}.0`, since) >= 0
      ? []
      : [{ code: "proxy-protocol-version", arguments: { target: id, verb, version: versions[id], since }, place: { pointer: `/proxy/proxy_protocol/${verb}`, on: "value" }, reads: [`/proxy/proxy_protocol/${verb}`, ...versionKeys(id)] }]);
}

/** The error of a server or panel that cannot order certificates, if the description leaves that to the proxy. @param title of one that cannot */
export function cannotOrder(title: string | undefined, wanted: "mailcow" | "files", { tls: { issuer }, proxy }: { readonly tls: Pick<Site["tls"], "issuer">; readonly proxy: Pick<Site["proxy"], "tlsBefore"> }): Problem[] {
  if (title === undefined || issuer !== "proxy" || proxy.tlsBefore) return [];
  return [{ code: "issuer-proxy-server", arguments: { title, wanted }, place: { pointer: "/tls/issuer", on: "value" }, reads: ["/tls/issuer", "/proxy/tls_ends"] }];
}

/** The error of a server that serves only names that are listed, or orders certificates for them, if the description has names in every domain. */
function unnamed(id: ServerId, { names, challengeNames, tls, proxy }: Site): Problem[] {
  const [prefix] = [...names.prefixes, ...challengeNames.prefixes];
  const orders = tls.issuer === "proxy" && !proxy.tlsBefore;
  if ((servers[id].anyDomain && !orders) || prefix === undefined) return [];
  return [{ code: "any-domain", arguments: { target: id, prefix }, place: { pointer: "", on: "value" }, reads: ["/mail_domains", "/discovery", "/tls/issuer", "/proxy/tls_ends"] }];
}

/** The error of a server that cannot answer with files, if the description has a folder of an ACME client. */
function cannotServe(id: ServerId, { tls }: Site): Problem[] {
  if (tls.acmeWebroot === undefined || servers[id].servesFiles) return [];
  return [{ code: "acme-webroot-server", arguments: { target: id }, place: { pointer: "/tls/acme_webroot", on: "key" } }];
}

/** What decides how servers are installed. */
type Host = Pick<Site, "family" | "packages">;

/** The installation of the server on the site's host. */
export function installationOf(id: ServerId, { family, packages }: Host): Installation {
  return { ...servers[id].installations[family], ...servers[id].elsewhere?.[packages] };
}

/** The install path of a file for the server. */
export function placeOf(id: ServerId, site: Host, stem: string): string {
  const { folder, ending } = installationOf(id, site);
  return `${folder}/${stem}${ending}`;
}

/** The path that exists when the server loads the file. */
export function enabledPlaceOf(id: ServerId, site: Host, stem: string): string {
  const { folder, enabled = folder, ending } = installationOf(id, site);
  return `${enabled}/${stem}${ending}`;
}

/** How a file for the server is installed, for its head. */
export function installationView(id: ServerId, sites: Sites, stem: string) {
  const [site] = sites;
  const { packages, folder, enabled, ending, validate, unit } = installationOf(id, site);
  const elsewhere = servers[id].elsewhere?.[site.packages];
  return {
    command: `${distributions[site.family].install} ${packages.join(" ")}${elsewhere === undefined ? "" : `, after the steps of ${elsewhere.instructions}`}`,
    place: placeOf(id, site, stem),
    /** The words after `ln -s`, or null for a server that loads every file in the folder. */
    link: enabled === undefined ? null : `..${folder.slice(folder.lastIndexOf("/"))}/${stem}${ending} ${enabled}/`,
    host: hostCommands(id, sites),
    validate,
    unit,
    versionKeys: unstatedKeys(id, site),
  };
}

/** The keys that can still tell the server's version, as a person lists them; null if the description gives the version. */
function unstatedKeys(id: ServerId, { stated, packages }: Site): string | null {
  if (stated.versions.includes(id)) return null;
  const own = `versions.${id}`;
  return stated.platform || servers[id].elsewhere?.[packages] !== undefined ? own : `platform or ${own}`;
}

/** @param stem the file's name without its ending */
export function serverFile(id: ServerId, site: Host, { template, stem, requires }: { readonly template: string; readonly stem: string; readonly requires: Requirements }): TargetFile {
  const { ending, validate, unit, watches } = installationOf(id, site);
  return {
    template,
    name: `${stem}${ending}`,
    installPath: placeOf(id, site, stem),
    host: "proxy",
    install: "replaced",
    comment: "#",
    mode: "0644",
    group: undefined,
    validate,
    // reload alone fails where the server could not start before.
    reload: watches === true ? atOnce : `systemctl reload-or-restart ${unit}`,
    requires,
  };
}
