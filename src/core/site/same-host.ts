/** Decides whether the proxy and mailcow are on one host. */
import { type Address, isDockers, isHost, isLoopback, isWildcard, parseNetwork } from "../network.ts";
import type { Destination } from "./site.ts";
import { isContainerName } from "./upstream.ts";

/** Pointers to all that decides it. */
export const hostKeys = ["/mailcow/http/bind", "/mailcow/https/bind", "/proxy/upstream", "/proxy/addresses"] as const;

/** What a description says about the two hosts, in canonical text. */
interface Hosts {
  /** Where the proxy reaches mailcow. */
  readonly upstream: Destination;
  /** Whether the description names that address itself, because it is not mailcow's bind. */
  readonly upstreamGiven: boolean;
  /** The addresses or networks from which the proxy connects. */
  readonly addresses: readonly string[];
  /** The addresses on which mailcow listens. */
  readonly binds: readonly Address[];
}

/**
 * The addresses from which the proxy connects decide: mailcow's own binds are its host's, and all others are another host's.
 * Without them, an upstream address of its own means another host. An address that only mailcow's host reaches means one host.
 */
export function sharesHost({ upstream, upstreamGiven, addresses, binds }: Hosts): boolean {
  const { address: text, family } = upstream;
  if (family === undefined ? isContainerName(text) : isLoopback({ text, family }) || isBridge({ text, family })) return true;
  if (addresses.length === 0) return !upstreamGiven;
  return foreignAddresses(addresses, binds).length === 0;
}

/** The addresses or networks that are not mailcow's host's own. A network is not, because one host has single addresses. */
export function foreignAddresses(addresses: readonly string[], binds: readonly Address[]): string[] {
  return addresses.filter((text) => {
    const network = parseNetwork(text);
    if (network === undefined || isLoopback(network) || isBridge(network)) return false;
    return !isHost(network) || !binds.some((bind) => !isWildcard(bind) && bind.text === network.text);
  });
}

/** In each of Docker's networks, .1 is the host's own address, and the others are containers'. */
function isBridge({ text }: Address): boolean {
  return isDockers(text) && text.endsWith(".1");
}
