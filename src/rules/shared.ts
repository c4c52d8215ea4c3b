/** Checks that descriptions for one proxy server fit together. */
import { overlap } from "../core/network.ts";
import type { Versions } from "../core/site/platform.ts";
import type { Problem } from "../core/problems/problem.ts";
import type { Destination, Endpoint, Site } from "../core/site/site.ts";
import { type SoftwareId, software, softwareIds } from "../core/site/servers.ts";
import { sharedMail } from "./mail.ts";
import type { Neighbour, Resolved, SharedRule } from "./rule.ts";
import { sharedNames } from "./shared-names.ts";

export const sharedRules: readonly SharedRule[] = [
  { check: sockets },
  { check: settings },
  { check: versions },
  { check: upstreams },
  { check: directories },
  { check: sharedMail },
  { check: sharedNames },
];

function sockets({ site }: Resolved, { file, site: other }: Neighbour): Problem[] {
  if (!meet(site, other)) return [];
  const differing = [
    { pointer: "/proxy/listen", equal: addresses(site) === addresses(other) },
    { pointer: "/proxy/http_port", equal: site.proxy.httpPort === other.proxy.httpPort },
    // If only one of the two has TLS, that is the difference to report.
    { pointer: "/proxy/https_port", equal: site.proxy.httpsPort === other.proxy.httpsPort || site.proxy.tlsBefore !== other.proxy.tlsBefore },
  ].find(({ equal }) => !equal);
  return differing === undefined ? [] : [{ code: "shared-listen", arguments: { file }, place: { pointer: differing.pointer, on: "value" } }];
}

/** Settings that a server has only once per socket. */
function settings({ site }: Resolved, { file, site: other }: Neighbour): Problem[] {
  if (!meet(site, other)) return [];
  const accept = site.proxy.proxyProtocol.accept;
  const ends = differs("proxy.tls_ends", site.proxy.tlsBefore ? "before" : "here", other.proxy.tlsBefore ? "before" : "here", file);
  if (ends.length > 0) return ends;
  const before = site.proxy.tlsBefore;
  return [
    before ? [] : differs("tls.profile", site.tls.profile.name, other.tls.profile.name, file),
    before ? [] : differs("tls.groups", list(site.tls.profile.groups), list(other.tls.profile.groups), file),
    // Different https ports have their own error.
    site.proxy.httpsPort === other.proxy.httpsPort ? differs("proxy.public_https_port", String(site.proxy.publicHttpsPort), String(other.proxy.publicHttpsPort), file) : [],
    differs("proxy.proxy_protocol.accept", String(accept), String(other.proxy.proxyProtocol.accept), file),
    // Who may connect. Without PROXY protocol, the client address comes with each request, which belongs to one site.
    before || (accept && other.proxy.proxyProtocol.accept) ? differs("proxy.trusted_proxies", list(site.proxy.trustedProxies), list(other.proxy.trustedProxies), file) : [],
  ].flat();
}

/** Different versions are reported at the key that sets them: `packages`, `versions`, or else `platform`. */
function versions({ site, description }: Resolved, { file, site: other }: Neighbour): Problem[] {
  if (site.packages !== other.packages) return differs("packages", site.packages, other.packages, file);
  const differing = softwareIds.filter((id) => site.versions[id] !== other.versions[id]);
  const isGiven = (id: SoftwareId) => description.versions[id] !== undefined;
  const implied = differing.filter((id) => !isGiven(id));
  const text = (of: Versions) => `for ${implied.map((id) => `${software[id].title} ${of[id]}`).join(", ")}`;
  return [
    ...differing.filter(isGiven).flatMap((id) => differs(`versions.${id}`, site.versions[id], other.versions[id], file)),
    ...differs("platform", text(site.versions), text(other.versions), file),
  ];
}

/** mailcow has one hostname, so two descriptions must lead to two mailcows. */
function upstreams({ site: { proxy: { upstream } } }: Resolved, { file, site: { proxy: { upstream: other } } }: Neighbour): Problem[] {
  const ways = [
    { endpoint: upstream.main, pointer: `/mailcow/${upstream.scheme}/port` },
    { endpoint: upstream.acme, pointer: "/mailcow/http/port" },
  ];
  const same = ({ address, port }: Destination) => [other.main, other.acme].some((theirs) => theirs.address === address && theirs.port === port);
  const way = ways.find(({ endpoint }) => same(endpoint));
  if (way === undefined) return [];
  const { address, port } = way.endpoint;
  return [{ code: "shared-upstream", arguments: { address, port, file }, place: { pointer: way.pointer, on: "value" } }];
}

/** On the host of the proxy, each acme-mailcow keeps its certificate in this folder. */
function directories({ site }: Resolved, { file, site: other }: Neighbour): Problem[] {
  const { directory } = site.mailcow;
  if (site.tls.certificate !== other.tls.certificate || site.tls.issuer !== "mailcow" || other.tls.issuer !== "mailcow") return [];
  return [{ code: "shared-directory", arguments: { directory, file }, place: { pointer: "/mailcow/directory", on: "value" } }];
}

function differs(key: string, value: string, other: string, file: string): Problem[] {
  if (value === other) return [];
  return [{ code: "shared-differs", arguments: { key, value, other, file }, place: { pointer: `/${key.replaceAll(".", "/")}`, on: "value" } }];
}

/** Whether the sockets of the two sites overlap. */
function meet(site: Site, other: Site): boolean {
  return endpoints(site).some((ours) =>
    endpoints(other).some((theirs) => ours.port === theirs.port && overlap({ text: ours.address, family: ours.family }, { text: theirs.address, family: theirs.family })),
  );
}

function endpoints({ proxy: { listen, ports } }: Site): Endpoint[] {
  return listen.flatMap((listener) => ports.map((port) => ({ ...listener, port })));
}

function addresses({ proxy: { listen } }: Site): string {
  return list(listen.map(({ address }) => address));
}

function list(values: readonly string[]): string {
  return `[${values.toSorted().join(", ")}]`;
}
