/** Where requests go, and how long an answer may take. */
import type { YamlMapping } from "../../core/output/yaml-writer.ts";
import type { Destination, Site } from "../../core/site/site.ts";
import { socket } from "../shared/spelling.ts";
import { keyOf } from "./scopes.ts";
import { upstreamTls } from "./tls.ts";

/** The names of the services: for most paths, for those on which mailcow may wait for an hour, and for ACME challenges. */
export function serviceNames(site: Site) {
  const key = keyOf(site);
  return { main: key, held: `${key}-held`, acme: `${key}-acme` };
}

export function services(site: Site, challenges: boolean): YamlMapping {
  const { main, held, acme } = serviceNames(site);
  const { upstream } = site.proxy;
  return {
    [main]: service(upstream.scheme, upstream.main, main),
    [held]: service(upstream.scheme, upstream.main, held),
    ...(challenges ? { [acme]: service("http", upstream.acme, acme) } : {}),
  };
}

function service(scheme: string, destination: Destination, transport: string): YamlMapping {
  return { loadBalancer: { servers: [{ url: `${scheme}://${socket(destination)}` }], serversTransport: transport } };
}

/** The same in labels: the container has the address. */
export function labelServices(site: Site, challenges: boolean): YamlMapping {
  const { main, held, acme } = serviceNames(site);
  const { upstream } = site.proxy;
  const labelled = (scheme: string, { port }: Destination, transport: string): YamlMapping => ({ loadBalancer: { server: { scheme, port }, serversTransport: transport } });
  return {
    [main]: labelled(upstream.scheme, upstream.main, main),
    [held]: labelled(upstream.scheme, upstream.main, held),
    ...(challenges ? { [acme]: labelled("http", upstream.acme, acme) } : {}),
  };
}

export function serversTransports(site: Site, challenges: boolean): YamlMapping {
  const { main, held, acme } = serviceNames(site);
  return {
    [main]: { ...timeouts(300), ...upstreamTls(site) },
    [held]: { ...timeouts(3650), ...upstreamTls(site) },
    ...(challenges ? { [acme]: timeouts(300) } : {}),
  };
}

/** mailcow closes an idle connection after 65 s. */
function timeouts(seconds: number): YamlMapping {
  return {
    maxIdleConnsPerHost: 64,
    forwardingTimeouts: { dialTimeout: "4s", responseHeaderTimeout: `${seconds}s`, idleConnTimeout: "30s" },
  };
}
