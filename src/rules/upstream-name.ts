/** Checks the host name at which the proxy reaches mailcow. */
import type { Names } from "../core/site/site.ts";
import type { Rule } from "./rule.ts";

/** A name that clients use leads to the proxy. */
export const upstreamLoop: Rule = {
  reads: ["/proxy/upstream/address", "/hostname", "/mail_domains", "/additional_server_names", "/certificate_names", "/other_sites"],
  check({ site: { names, challengeNames, otherSites, proxy: { upstream } } }) {
    const { address, family } = upstream.main;
    if (family !== undefined || ![names, challengeNames, { exact: otherSites, prefixes: [] }].some((some) => has(some, address))) return [];
    return [{ code: "upstream-loop", arguments: { name: address }, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
};

function has({ exact, prefixes }: Names, name: string): boolean {
  return exact.includes(name) || prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}

export const resolverUnused: Rule = {
  reads: ["/proxy/upstream/address", "/proxy/upstream/resolver"],
  check: ({ site, description: { proxy: { upstream } } }) =>
    upstream.resolver === undefined || site.proxy.upstream.resolver !== undefined
      ? []
      : [{ code: "resolver-unused", arguments: { address: upstream.address }, place: { pointer: "/proxy/upstream/resolver", on: "key" } }],
};

/** Without a container, nothing answers at the address of Docker's DNS server. */
export const resolverMissing: Rule = {
  reads: ["/proxy/upstream/address", "/proxy/upstream/resolver"],
  check({ site: { proxy: { isContainer, upstream: { main, resolver } } }, description: { proxy } }) {
    if (resolver === undefined || isContainer || proxy.upstream.resolver !== undefined) return [];
    return [{ code: "resolver-missing", arguments: { name: main.address, resolver: resolver.address }, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
};
