/** What panels have in common: they own a server's configuration, and take texts for some fields of their forms. */
import { isLoopback } from "../../core/network.ts";
import type { PanelTarget, TargetFile } from "../../core/output/target.ts";
import type { Problem } from "../../core/problems/problem.ts";
import type { Site } from "../../core/site/site.ts";
import { nothing } from "./requirements.ts";
import { atOnce } from "./script.ts";
import { cannotOrder } from "./server.ts";
import { hostKeys } from "../../core/site/same-host.ts";

/**
 * Errors for the keys of a description that a panel decides itself.
 *
 * @param more the pointers of further such keys
 * @param written the pointers of those that its text has nevertheless
 */
export function panelOwns(
  title: string,
  target: PanelTarget["id"],
  { access, basicAuth, otherSites, tls, proxy: { tlsBefore, trustedProxies, proxyProtocol, upstream } }: Site,
  more: readonly string[] = [],
  written: readonly string[] = [],
): Problem[] {
  const keys = [
    ...(upstream.scheme === "https" ? ["/proxy/upstream/scheme"] : []),
    ...(upstream.resolver === undefined ? [] : ["/proxy/upstream/address"]),
    ...(tlsBefore ? ["/proxy/tls_ends"] : []),
    ...(proxyProtocol.accept ? ["/proxy/proxy_protocol/accept"] : !tlsBefore && trustedProxies.length > 0 ? ["/proxy/trusted_proxies"] : []),
    ...(proxyProtocol.send ? ["/proxy/proxy_protocol/send"] : []),
    ...(access.length > 0 ? ["/access"] : []),
    ...(basicAuth === undefined ? [] : ["/basic_auth"]),
    ...(tls.acmeWebroot === undefined ? [] : ["/tls/acme_webroot"]),
    ...(otherSites.length > 0 ? ["/other_sites"] : []),
    ...more,
  ].filter((pointer) => !written.includes(pointer));
  const ofPeers = /\/(?:tls_ends|accept)$/;
  const also = (pointer: string) => (ofPeers.test(pointer) && trustedProxies.length > 0 ? "/proxy/trusted_proxies" : undefined);
  const decided = keys.map((pointer): Problem => ({ code: "panel-decides", arguments: { target, title, key: pointer.slice(1).replaceAll("/", "."), also: also(pointer) }, place: { pointer, on: "key" } }));
  return [...cannotOrder(title, "files", { tls, proxy: { tlsBefore } }), ...decided];
}

/** Errors for the keys that restrict paths, where neither the text nor the panel can do that. */
export function panelCannot(title: string, target: PanelTarget["id"], { access, basicAuth }: Site): Problem[] {
  const keys = [...(access.length > 0 ? ["access"] : []), ...(basicAuth === undefined ? [] : ["basic_auth"])];
  return keys.map((key) => ({ code: "panel-cannot", arguments: { target, title, key }, place: { pointer: `/${key}`, on: "key" } }));
}

/** A warning for a panel in a container, where a loopback address is the container itself. */
export function panelContainer(title: string, { proxy: { upstream: { main: { address, family } } } }: Site, entry: string | undefined): Problem[] {
  if (family === undefined || !isLoopback({ text: address, family })) return [];
  return [{ code: "panel-container", arguments: { title, address }, place: { pointer: entry ?? "/targets", on: "value" }, reads: hostKeys }];
}

/** A text that is pasted into a panel's form. */
export function panelFile(template: string, { fileStem }: Site, ending: string): TargetFile {
  return { template, name: `${fileStem}${ending}`, installPath: undefined, host: "proxy", install: "pasted", comment: "#", mode: "0644", group: undefined, validate: undefined, reload: atOnce, requires: nothing };
}
