/** The frontends: one pair per set of sockets, for one or more sites. */
import type { Listener, Names, Site } from "../../core/site/site.ts";
import { profileOn } from "../../core/site/tls-profile.ts";
import type { Sites } from "../../core/output/target.ts";
import { lines, prefixRegexes, sourceLines } from "./names.ts";
import { id } from "./places.ts";
import { clientIsPeer } from "./site.ts";
import { profileOptions } from "./tls.ts";
import { portSuffix, socket } from "../shared/spelling.ts";
import { trustedView } from "../shared/trusted.ts";

/**
 * @param sections the name for the frontends, and the name of their defaults section
 * @param certificates the words of a `bind` line that load the certificates
 */
export function frontends(sites: Sites, sections: { readonly name: string; readonly defaults: string }, certificates: string) {
  return bySockets(sites).map((group, index) => {
    const [first, ...others] = group;
    const { listen, httpPort, httpsPort, tlsBefore, publicHttpsPort, proxyProtocol } = first.proxy;
    const otherSites = group.flatMap(({ hostname, otherSites: names }) => (names.length === 0 ? [] : [{ hostname, names: lines(names), prefixes: [] }]));
    const name = index === 0 ? sections.name : `${sections.name}-${index + 1}`;
    return {
      defaults: sections.defaults,
      httpName: `${name}-http`,
      httpsName: `${name}-https`,
      httpBinds: listen.map((listener) => bind(listener, httpPort)),
      httpsBinds: listen.map((listener) => `${bind(listener, httpsPort)} ${tlsOptions(first, certificates)}`),
      httpsPortSuffix: portSuffix(publicHttpsPort, 443),
      sites: group.map(({ names, otherSites: others }) => nameLists(joined(names, { exact: others, prefixes: [] }))),
      otherSites,
      // The sites that may upgrade on the http port.
      upgradingOnHttp: tlsBefore ? otherSites : [],
      challengeSites: group.flatMap(({ challengeNames }) => (isEmpty(challengeNames) ? [] : [nameLists(challengeNames)])),
      hostname: first.hostname,
      others: others.map(({ hostname, names }) => ({ hostname, ...nameLists(names) })),
      plainOthers: others.map(({ hostname, names, challengeNames, otherSites: own }) => ({ hostname, ...nameLists(joined(joined(names, { exact: own, prefixes: [] }), challengeNames)) })),
      // These are the same for all sites on the same sockets, see src/rules/shared.ts.
      acceptProxy: proxyProtocol.accept,
      tlsBefore,
      trustedProxies: trustedView(first, sourceLines),
      clientAsText: group.some(clientIsPeer),
      logAsText: group.every(clientIsPeer),
      believeHeader: group.some((site) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept),
    };
  });
}

export function nameLists(names: Names) {
  return { names: lines(names.exact), prefixes: prefixRegexes(names) };
}

function joined(left: Names, right: Names): Names {
  return { exact: [...left.exact, ...right.exact], prefixes: [...left.prefixes, ...right.prefixes] };
}

export function isEmpty({ exact, prefixes }: Names): boolean {
  return exact.length + prefixes.length === 0;
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

function bind(listener: Listener, port: number): string {
  return `${socket({ ...listener, port })}${listener.family === 6 ? " v6only" : ""}`;
}

/** All TLS options of the listener, so that the host's ssl-default-bind-* settings have no effect. */
function tlsOptions(site: Site, certificates: string): string {
  return [
    `ssl ${certificates} alpn h2,http/1.1`,
    profileOptions(profileOn(id, site), true),
    "prefer-client-ciphers no-tls-tickets",
  ].join(" ");
}
