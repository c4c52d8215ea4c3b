/** The site blocks: those of each site's names, and those for all names on the same listeners. */
import { has } from "../../core/site/platform.ts";
import type { Listener, Site } from "../../core/site/site.ts";
import type { Sites } from "../../core/output/target.ts";
import { certificatesOf } from "../shared/certificates.ts";
import { addressLines, anyAddress } from "./names.ts";
import { pemFolderOf, pemOf } from "./places.ts";
import { tlsView } from "./tls.ts";

export function blocks(sites: Sites) {
  return bySockets(sites).map((group) => {
    const [first] = group;
    const { httpPort, httpsPort, publicHttpsPort, tlsBefore, trustedProxies } = first.proxy;
    const binds = bindsOf(first);
    return {
      binds,
      tlsBefore,
      httpsAny: anyAddress("https", httpsPort),
      httpAny: anyAddress("http", httpPort),
      // What the header says of HTTP/3 by itself is wrong where clients use another port, and a proxy in front has its own.
      altSvc: tlsBefore || (publicHttpsPort === httpsPort && trustedProxies.length === 0) ? null : { port: trustedProxies.length === 0 ? publicHttpsPort : null },
      hostnames: group.map(({ hostname }) => hostname),
      sites: group.map((site) => siteBlocks(site, binds)),
    };
  });
}

function siteBlocks(site: Site, binds: string) {
  const { hostname, names, otherSites, challengeNames, proxy: { httpPort, httpsPort, tlsBefore } } = site;
  const served = { exact: [...names.exact, ...otherSites], prefixes: [] };
  const own = site.tls.issuer === "proxy";
  // Caddy orders a certificate for each name that has a block. With acme_mailcow, the others are in mailcow's.
  const secured = own && !site.tls.acmeMailcow ? { exact: [...served.exact, ...challengeNames.exact], prefixes: [] } : served;
  return {
    hostname,
    binds,
    http: addressLines("http", [...served.exact, ...challengeNames.exact], httpPort),
    https: tlsBefore ? [] : certificatesOf({ ...site, names: secured }).map((certificate, index) => ({
      hostname,
      binds,
      addresses: addressLines("https", certificate.names.exact, httpsPort),
      tlsWords: own ? (site.tls.email ?? "") : certificateWords(index === 0 ? pemOf(site) : `${pemFolderOf(site)}/${site.tls.domains[index - 1]?.domain}.pem`),
      tls: tlsView(site),
    })),
  };
}

/** Certificate and key, which are in one file. */
function certificateWords(pem: string): string {
  return `${pem} ${pem}`;
}

/** The words after `bind`; empty for every address of both families. */
function bindsOf({ proxy: { listen } }: Site): string {
  const every = listen.filter(({ address }) => address === "0.0.0.0" || address === "::");
  if (every.length === 2) return "";
  const covered = (listener: Listener) => every.some((one) => one.family === listener.family && one.address !== listener.address);
  return listen.filter((listener) => !covered(listener)).map(bindWord).join(" ");
}

/** Without the family in the network's name, Go listens on every address of both. */
function bindWord({ address, family }: Listener): string {
  if (address === "0.0.0.0") return "tcp4/0.0.0.0";
  if (address === "::") return "tcp6/[::]";
  return family === 6 ? `[${address}]` : address;
}

/** Groups sites that listen on the same sockets. */
function bySockets(sites: Sites): Sites[] {
  const groups = new Map<string, [Site, ...Site[]]>();
  for (const site of sites) {
    const sockets = JSON.stringify([site.proxy.listen.map(({ address }) => address).toSorted(), ...site.proxy.ports]);
    const group = groups.get(sockets);
    if (group === undefined) groups.set(sockets, [site]);
    else group.push(site);
  }
  return [...groups.values()];
}

/** What Caddy has only as options for everything that it serves; null if nothing of that is needed. */
export function options(sites: Sites) {
  const [{ versions }] = sites;
  const readHeader = !has(versions, "caddyReadHeader");
  // With other ports, Caddy would open port 80 to redirect from there.
  const redirects = sites.some(({ proxy }) => !proxy.tlsBefore && (proxy.httpPort !== 80 || proxy.httpsPort !== 443));
  const accepting = sites.filter(({ proxy }) => proxy.proxyProtocol.accept);
  if (!readHeader && !redirects && accepting.length === 0) return null;
  return {
    readHeader,
    redirects,
    accepting: accepting.flatMap((site) => listenersOf(site).map((listener) => ({ listener, readHeader, networks: site.proxy.trustedProxies }))),
  };
}

/** The addresses of listeners as Caddy names them. */
function listenersOf(site: Site): string[] {
  const [first = ""] = bindsOf(site).split(" ");
  return site.proxy.ports.map((port) => `${first}:${port}`);
}
