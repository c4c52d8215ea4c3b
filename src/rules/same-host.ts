/** Whether, according to the description, the proxy and mailcow are on the same host. */
import { isLoopback, isWildcard, parseAddress } from "../core/network.ts";
import type { Resolved } from "./rule.ts";

/** They are not when the upstream address is neither a loopback address nor a wildcard. */
export function proxySharesHost({ description }: Pick<Resolved, "description">): boolean {
  const given = description.proxy.upstream.address;
  const address = given === undefined ? undefined : parseAddress(given);
  return address === undefined || isLoopback(address) || isWildcard(address);
}
