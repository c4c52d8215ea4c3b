/** The schema's formats. Addresses and names are checked only here, so that schema and resolver agree. */
import { toHostName, toUpstreamName } from "../host-name.ts";
import { toNameEntry } from "./name-entry.ts";
import { everyone, isBroadcast, parseAddress, parseNetwork } from "../network.ts";
import { presetOf } from "../site/presets.ts";

type Format = "idn-hostname" | "server-name" | "certificate-name" | "bind-address" | "ip-address" | "upstream-address" | "ip-network" | "clients" | "trusted-proxy";

export const formats: Record<Format, (text: string) => boolean> = {
  "idn-hostname": (text) => "name" in toHostName(text),
  "server-name": (text) => {
    const entry = toNameEntry(text);
    return !("fault" in entry) && entry.kind !== "wildcard";
  },
  "certificate-name": (text) => !("fault" in toNameEntry(text)),
  "bind-address": (text) => text === "" || parseAddress(text) !== undefined,
  "ip-address": (text) => parseAddress(text) !== undefined,
  "upstream-address": (text) => parseAddress(text) !== undefined || "name" in toUpstreamName(text),
  "ip-network": isNetwork,
  clients: (text) => text === everyone || isNetwork(text),
  "trusted-proxy": (text) => presetOf(text) !== undefined || isNetwork(text),
};

function isNetwork(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && !network.hostBits && !isBroadcast(network);
}
