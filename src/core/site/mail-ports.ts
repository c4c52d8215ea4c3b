/** Decides which mail ports the proxy passes on, and how. */
import type { Description } from "../../generated/description.ts";
import { describedAddress, parseNetwork } from "../network.ts";
import { mailServices } from "./mail-services.ts";
import type { Destination, Listener, MailPorts } from "./site.ts";

/**
 * @param main where the proxy reaches mailcow's web interface
 * @param webListen where it listens for that
 * @param addresses from which it connects to mailcow
 */
export function mailPorts(given: Description["mail"], main: Destination, webListen: readonly Listener[], addresses: readonly string[]): MailPorts | undefined {
  if (given === undefined) return undefined;
  return {
    services: mailServices.filter(({ port }) => given.ports.some((asked) => asked === port)),
    listen: given.listen === undefined ? webListen : [...new Map(given.listen.map(listener)).values()],
    address: given.address === undefined ? main.address : describedAddress(given.address).text,
    proxies: addresses.filter((text) => parseNetwork(text)?.family === 4),
    firewall: given.firewall,
    banlist: given.banlist,
  };
}

function listener(text: string): [string, Listener] {
  const { text: address, family } = describedAddress(text);
  return [address, { address, family }];
}
