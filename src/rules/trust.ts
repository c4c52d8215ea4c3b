/** Checks which peers are trusted to tell the client's address. */
import { isDockers, isLoopback, parseNetwork, trustsEveryone as clientsAreIn } from "../core/network.ts";
import type { Problem } from "../core/problems/problem.ts";
import { presetOf } from "../core/site/presets.ts";
import type { Rule } from "./rule.ts";

/** PROXY protocol needs at least one trusted peer. */
export const proxyProtocolPeers: Rule = {
  reads: ["/proxy/proxy_protocol/accept", "/proxy/trusted_proxies"],
  check: ({ site }) =>
    site.proxy.proxyProtocol.accept && site.proxy.trustedProxies.length === 0
      ? [{ code: "proxy-protocol-nobody", arguments: {}, place: { pointer: "/proxy/proxy_protocol/accept", on: "value" } }]
      : [],
};

/** A trusted network must not include clients, because they could forge their address. */
export const trustsEveryone: readonly Rule[] = (["trusted_proxies", "addresses"] as const).map((key) => ({
  // Each entry is checked by itself; invalid entries have already been reported.
  reads: [],
  check: ({ description: { proxy } }) =>
    proxy[key].flatMap((network, index): Problem[] =>
      wide(network)
        ? [{ code: "trusts-everyone", arguments: { network, key: `proxy.${key}` }, place: { pointer: `/proxy/${key}/${index}`, on: "value" } }]
        : [],
    ),
}));

function wide(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && clientsAreIn(network);
}

/** What the proxy in front does not let through, and no setting here can change. */
export const frontLimits: Rule = {
  // Each entry is checked by itself; invalid entries have already been reported.
  reads: [],
  check: ({ description: { proxy } }) =>
    proxy.trusted_proxies.flatMap((name, index): Problem[] => {
      const preset = presetOf(name);
      if (preset === undefined) return [];
      return [{ code: "front-limits", arguments: { title: preset.title, ...preset.limits }, place: { pointer: `/proxy/trusted_proxies/${index}`, on: "value" } }];
    }),
};

/** mailcow trusts private networks by default, but a proxy on another host may have any address. Docker's networks are this host's. */
export const remoteProxy: Rule = {
  reads: ["/mailcow/http/bind", "/mailcow/https/bind", "/proxy/upstream", "/proxy/addresses"],
  check({ site, description: { proxy } }) {
    const { main } = site.proxy.upstream;
    const onThisHost = main.family === undefined ? site.proxy.isContainer : isLoopback({ text: main.address, family: main.family }) || isDockers(main.address);
    if (onThisHost || site.proxy.addresses.length > 0) return [];
    const pointer = proxy.upstream.address === undefined ? `/mailcow/${site.proxy.upstream.scheme}/bind` : "/proxy/upstream/address";
    return [{ code: "addresses-missing", arguments: { address: main.address }, place: { pointer, on: "value" } }];
  },
};
