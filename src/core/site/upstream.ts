/** Decides how the proxy reaches mailcow. */
import type { Description } from "../../generated/description.ts";
import { toUpstreamName } from "../host-name.ts";
import { type Address, describedAddress, isWildcard, parseAddress } from "../network.ts";
import type { Destination, Listener, MailcowListener, Upstream } from "./site.ts";

const loopback: Record<4 | 6, Address> = { 4: { text: "127.0.0.1", family: 4 }, 6: { text: "::1", family: 6 } };

/** Docker's DNS server, which every container on a network of its own can reach. */
const dockersResolver = "127.0.0.11";

/** Where requests and ACME challenges go. */
export function upstream({ scheme, address, resolver, verify }: Description["proxy"]["upstream"], http: MailcowListener, https: MailcowListener): Upstream {
  const name = address === undefined ? undefined : nameWithin(address);
  const reach = (target: MailcowListener): Destination => {
    // In its container, mailcow's own nginx listens on the port that Docker publishes.
    if (name !== undefined) return { address: name, family: undefined, port: target.port };
    const [first] = target.addresses;
    const to = address === undefined ? { text: first.address, family: first.family } : describedAddress(address);
    return { ...reachable(to), port: target.port };
  };
  return {
    scheme,
    main: reach(scheme === "https" ? https : http),
    acme: reach(http),
    resolver: name === undefined ? undefined : reachable(describedAddress(resolver ?? dockersResolver)),
    caFile: scheme === "https" && verify !== "off" ? verify : undefined,
  };
}

/** A wildcard is only for listening; on the same host, connect to the loopback address. */
function reachable(to: Address): Listener {
  const { text, family } = isWildcard(to) ? loopback[to.family] : to;
  return { address: text, family };
}

/** The host name in an upstream's address; undefined for an IP address. */
function nameWithin(text: string): string | undefined {
  if (parseAddress(text) !== undefined) return undefined;
  const result = toUpstreamName(text);
  if ("fault" in result) throw new Error(`the schema let an upstream pass: ${text}`);
  return result.name;
}

/** DNS servers are not asked for names without a dot, but Docker's is: for the containers on its networks. */
export function isContainerName(given: string | undefined): boolean {
  return given !== undefined && nameWithin(given)?.includes(".") === false;
}
