/** Checks the connection from the proxy to mailcow. */
import { isLoopback, isPublic } from "../core/network.ts";
import type { Rule } from "./rule.ts";

export const verifyUnused: Rule = {
  reads: ["/proxy/upstream/scheme", "/proxy/upstream/verify"],
  check: ({ description: { proxy } }) =>
    proxy.upstream.scheme === "http" && proxy.upstream.verify !== "off"
      ? [{ code: "verify-unused", arguments: {}, place: { pointer: "/proxy/upstream/verify", on: "key" } }]
      : [],
};

export const unverifiedUpstream: Rule = {
  reads: ["/proxy/upstream", "/mailcow/https/bind"],
  check({ site: { proxy: { upstream } } }) {
    const { address, family } = upstream.main;
    if (upstream.scheme === "http" || upstream.caFile !== undefined || isLoopback({ text: address, family })) return [];
    return [{ code: "upstream-unverified", arguments: { address }, place: { pointer: "/proxy/upstream/scheme", on: "value" } }];
  },
};

export const plainUpstream: Rule = {
  reads: ["/proxy/upstream", "/mailcow/http/bind"],
  check({ site: { proxy: { upstream } }, description: { proxy } }) {
    const { address, family } = upstream.main;
    if (upstream.scheme === "https" || proxy.upstream.address === undefined || !isPublic({ text: address, family })) return [];
    return [{ code: "upstream-plain", arguments: { address }, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
};

/** A listener on a loopback address cannot be reached at another address. */
export const unreachableBinds: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [`/mailcow/${key}/bind`, "/proxy/upstream"],
  check(checked) {
    const { mailcow, proxy: { upstream } } = checked.site;
    const { addresses, bind } = mailcow[key];
    // The http listener is always used, for ACME challenges.
    const used = key === "http" || upstream.scheme === "https";
    if (checked.site.proxy.sharesHost || !used || !addresses.every(({ address, family }) => isLoopback({ text: address, family }))) return [];
    const facts = { address: upstream.main.address, bind, key: `mailcow.${key}.bind` };
    return [{ code: "bind-unreachable", arguments: facts, place: { pointer: "/proxy/upstream/address", on: "value" } }];
  },
}));

/** Clients that can reach mailcow's own listener bypass the proxy, its access rules and its TLS. */
export const publicBinds: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [`/mailcow/${key}/bind`, "/proxy/upstream/scheme"],
  check({ site: { mailcow, proxy: { upstream } } }) {
    const { addresses, bind } = mailcow[key];
    if (upstream.scheme === "https" || !addresses.some(({ address, family }) => isPublic({ text: address, family }))) return [];
    return [{ code: "bind-public", arguments: { bind, key: `mailcow.${key}.bind` }, place: { pointer: `/mailcow/${key}/bind`, on: "value" } }];
  },
}));

export const ipv6Binds: readonly Rule[] = (["http", "https"] as const).map((key) => ({
  reads: [`/mailcow/${key}/bind`],
  check: ({ site: { mailcow } }) =>
    mailcow[key].addresses.every(({ family }) => family === 6)
      ? [{ code: "bind-ipv6", arguments: { bind: mailcow[key].bind }, place: { pointer: `/mailcow/${key}/bind`, on: "value" } }]
      : [],
}));
