/** Whether the proxy and mailcow are on one host, as far as a description tells. */
import { isLoopback, isWildcard, parseAddress } from "../core/network.ts";
import type { Resolved } from "./rule.ts";

/** An upstream address beyond the loopback is how a description says that mailcow is elsewhere. */
export function proxySharesHost({ description }: Pick<Resolved, "description">): boolean {
  const given = description.proxy.upstream.address;
  const address = given === undefined ? undefined : parseAddress(given);
  return address === undefined || isLoopback(address) || isWildcard(address);
}
