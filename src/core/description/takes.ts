/** Whether a key takes a text, for proposing nothing that would be refused. */
import { parseNetwork, trustsEveryone } from "../network.ts";
import { presetOf } from "../site/presets.ts";
import { formats } from "./formats.ts";

/** The scalar definitions of the schema. */
export const scalarKinds = ["hostName", "serverName", "certificateName", "bind", "address", "upstreamAddress", "network", "clients", "trustedProxy", "port", "seconds", "count", "duration", "banlist", "ipv4Network", "rspamdHash", "filePath", "verify", "email", "loginName", "variable", "urlPath", "user", "version"] as const;

export type ScalarKind = (typeof scalarKinds)[number];

/** Whether a key of this kind takes the text. */
export function takes(kind: ScalarKind, text: string, pointer: string): boolean {
  switch (kind) {
    case "hostName":
      return formats["idn-hostname"](text) && text.includes(".");
    case "serverName":
      return formats["server-name"](text);
    case "certificateName":
      return formats["certificate-name"](text);
    case "address":
      return formats["ip-address"](text);
    case "upstreamAddress":
      return formats["upstream-address"](text);
    case "trustedProxy":
      return presetOf(text) !== undefined || takenNetwork(text, pointer) !== undefined;
    case "network":
      return takenNetwork(text, pointer) !== undefined;
    case "clients":
      return formats.clients(text);
    default:
      return false;
  }
}

/** The network, if the list at the pointer takes it; peers that may tell the client's address must not include clients. */
export function takenNetwork(text: string, pointer: string): string | undefined {
  const network = parseNetwork(text);
  if (network === undefined || !formats["ip-network"](text)) return undefined;
  return /^\/proxy\/(?:trusted_proxies|addresses)(?:\/|$)/.test(pointer) && trustsEveryone(network) ? undefined : text;
}
