/** Checks the connection from the proxy to mailcow. */
import { distributions } from "../core/site/servers.ts";
import { isDockers, isLoopback, isPublic } from "../core/network.ts";
import type { MailcowListener } from "../core/site/site.ts";
import { hostKeys } from "../core/site/same-host.ts";
import { pointerOfOtherHost } from "./other-host.ts";
import type { Rule } from "./rule.ts";

export const verifyUnused: Rule = {
  reads: ["/proxy/upstream/scheme", "/proxy/upstream/verify"],
  check: ({ description: { proxy } }) =>
    proxy.upstream.scheme === "http" && proxy.upstream.verify !== "off"
      ? [{ code: "verify-unused", arguments: {}, place: { pointer: "/proxy/upstream/verify", on: "key" } }]
      : [],
};

export const unverifiedUpstream: Rule = {
  reads: ["/proxy/upstream", "/mailcow/https/bind", "/platform"],
  check({ site: { proxy: { upstream, isContainer }, family: distribution } }) {
    const { address, family } = upstream.main;
    const onThisHost = family === undefined ? isContainer : isLoopback({ text: address, family });
    if (upstream.scheme === "http" || upstream.caFile !== undefined || onThisHost) return [];
    return [{ code: "upstream-unverified", arguments: { address, authorities: distributions[distribution].authorities }, place: { pointer: "/proxy/upstream/scheme", on: "value" } }];
  },
};

export const plainUpstream: Rule = {
  reads: ["/proxy/upstream", "/mailcow/http/bind", "/mailcow/https/bind"],
  check({ site: { mailcow, proxy: { upstream } }, description: { proxy } }) {
    const { address, family } = upstream.main;
    // The address of a name may be private.
    if (upstream.scheme === "https" || proxy.upstream.address === undefined || family === undefined || !isPublic({ text: address, family })) return [];
    const https = mailcow.https.addresses;
    const unreachable = https.every((each) => isLoopback({ text: each.address, family: each.family }));
    return [{ code: "upstream-plain", arguments: { address, httpsBind: unreachable ? sameBind(mailcow.http) : undefined }, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
};

/** The bind of a listener as it stands in a description, without brackets. */
function sameBind({ bind, addresses: [first] }: MailcowListener): string {
  return bind === "" ? "" : (first?.address ?? bind);
}

/** In each of Docker's networks, .1 is the host's own address, and the others are containers'. */
function mayBeContainer(address: string): boolean {
  return isDockers(address) && !address.endsWith(".1");
}

/** A listener on a loopback address cannot be reached at another address. */
export const unreachableBinds: Rule = {
  reads: hostKeys,
  check(checked) {
    const { mailcow, proxy: { upstream, sharesHost, isContainer } } = checked.site;
    const { address, family } = upstream.main;
    const given = checked.description.proxy.upstream.address !== undefined;
    // A container reaches mailcow's container. On one host, the proxy reaches mailcow where it listens, unless it is told
    // to reach it elsewhere.
    if (isContainer || (sharesHost && (!given || (family !== undefined && isLoopback({ text: address, family }))))) return [];
    // The http listener is always used, for ACME challenges.
    const used = upstream.scheme === "https" ? (["http", "https"] as const) : (["http"] as const);
    const listeners = used.filter((key) => mailcow[key].addresses.every(({ address, family }) => isLoopback({ text: address, family })));
    const [first] = listeners;
    if (first === undefined) return [];
    return [{ code: "bind-unreachable", arguments: { address, bind: mailcow[first].bind, listeners, named: family === undefined, given, container: given && mayBeContainer(address) }, place: { pointer: pointerOfOtherHost(checked.description), on: "value" } }];
  },
};

/** Clients that can reach mailcow's own listener bypass the proxy, its access rules and its TLS. */
export const publicBinds: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: hostKeys,
  check(checked) {
    const { mailcow, proxy: { upstream } } = checked.site;
    const { addresses, bind } = mailcow[key];
    if (upstream.scheme === "https" || !addresses.some(({ address, family }) => isPublic({ text: address, family }))) return [];
    return [{ code: "bind-public", arguments: { bind, key: `mailcow.${key}.bind`, elsewhere: !checked.site.proxy.sharesHost }, place: { pointer: `/mailcow/${key}/bind`, on: "value" } }];
  },
}));

export const ipv6Binds: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: hostKeys,
  check: (checked) =>
    checked.site.mailcow[key].addresses.every(({ family }) => family === 6)
      ? [{ code: "bind-ipv6", arguments: { bind: checked.site.mailcow[key].bind, elsewhere: !checked.site.proxy.sharesHost }, place: { pointer: `/mailcow/${key}/bind`, on: "value" } }]
      : [],
}));
