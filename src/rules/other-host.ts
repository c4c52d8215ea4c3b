/** Checks what else follows when the proxy is on another host than mailcow, or when a CDN is in front of it. */
import { isLoopback, isPublic, parseNetwork, trustsEveryone } from "../core/network.ts";
import type { Problem } from "../core/problems/problem.ts";
import { presetOf } from "../core/site/presets.ts";
import { foreignAddresses, hostKeys } from "../core/site/same-host.ts";
import type { Description } from "../generated/description.ts";
import type { Rule } from "./rule.ts";

/** The key that says that the proxy is on another host. */
export function pointerOfOtherHost({ proxy }: Description): string {
  return proxy.upstream.address === undefined ? "/proxy/addresses" : "/proxy/upstream/address";
}

/** SMTP and IMAP do not pass this proxy. A name of their own in the certificate says that they have a way of their own. */
export const mailPassesBy: Rule = {
  reads: [...hostKeys, "/proxy/trusted_proxies", "/proxy/tls_ends", "/certificate_names", "/mail"],
  check({ site: { proxy, certificateNames, mail }, description }) {
    if (!proxy.namesLeadElsewhere || certificateNames.length > 0 || mail !== undefined) return [];
    const front = description.proxy.trusted_proxies.findIndex((text) => {
      if (presetOf(text) !== undefined) return true;
      const network = parseNetwork(text);
      return network !== undefined && isPublic(network) && !trustsEveryone(network);
    });
    if (proxy.sharesHost && front === -1 && !proxy.tlsBefore) return [];
    const inFront = front === -1 ? "/proxy/tls_ends" : `/proxy/trusted_proxies/${front}`;
    const pointer = proxy.sharesHost ? inFront : pointerOfOtherHost(description);
    return [{ code: "mail-passes-by", arguments: { elsewhere: !proxy.sharesHost }, place: { pointer, on: "value" } }];
  },
};

/** A proxy that reaches mailcow on a loopback address is on its host, and has no address of another one. */
export const addressesElsewhere: Rule = {
  reads: hostKeys,
  check({ site: { mailcow, proxy: { upstream: { main }, addresses } } }) {
    if (main.family === undefined || !isLoopback({ text: main.address, family: main.family })) return [];
    const binds = [...mailcow.http.addresses, ...mailcow.https.addresses].map(({ address, family }) => ({ text: address, family }));
    return foreignAddresses(addresses, binds).slice(0, 1).map((address): Problem => ({
      code: "addresses-elsewhere",
      arguments: { address, upstream: main.address },
      place: { pointer: "/proxy/addresses", on: "value" },
    }));
  },
};
