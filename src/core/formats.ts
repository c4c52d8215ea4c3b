/** The formats of the schema. Addresses and names are judged here alone, so that schema and resolver agree. */
import { toHostName } from "./host-name.ts";
import { parseAddress, parseNetwork } from "./network.ts";

export const formats: Record<"idn-hostname" | "ip-address" | "ip-network", (text: string) => boolean> = {
  "idn-hostname": (text) => "name" in toHostName(text),
  "ip-address": (text) => parseAddress(text) !== undefined,
  "ip-network": (text) => parseNetwork(text)?.hostBits === false,
};
