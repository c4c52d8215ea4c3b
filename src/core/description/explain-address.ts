/** Explains why a text is not an address or a network. */
import { ipv4Within, isBroadcast, parseAddress, parseNetwork, toCidr, unusable } from "../network.ts";
import type { AddressFault, NetworkFault } from "../problems/problem.ts";
import { takenNetwork } from "./takes.ts";

/** Whether a text was meant as an address, not as a name: it has only an address's characters, or what may stand around them. */
export function isAddressLike(text: string): boolean {
  return /^(?:\[.*\](?::\d+)?|[0-9.]+(?::\d+)?|[0-9a-f]*:[0-9a-f]*:[^/]*|\*|0x[0-9a-f]*|localhost)$/i.test(text);
}

export function addressFault(text: string): AddressFault {
  const address = addressWithin(text);
  if (address !== undefined) return { kind: "port", instead: address };
  if (text === "*") return { kind: "asterisk" };
  if (text.toLowerCase() === "localhost") return { kind: "localhost" };
  const [withoutZone = ""] = text.split("%");
  const kind = unusable(withoutZone);
  if (kind !== undefined) return { kind };
  const zone = parseAddress(withoutZone);
  if (zone !== undefined) return { kind: "zone", instead: zone.text };
  const mapped = ipv4Within(text);
  if (mapped !== undefined && parseAddress(mapped) !== undefined) return { kind: "mapped", instead: mapped };
  return { kind: /^[a-z0-9._-]+$/i.test(text) && /[a-z]/i.test(text) ? "name" : "other" };
}

/** Words of servers' configurations for every address. */
const everyoneWord = /^(?:all|any|everyone|\*)$/i;

export function networkFault(text: string, kind: "network" | "clients" | "trustedProxy", pointer: string): NetworkFault {
  if (kind === "clients" && everyoneWord.test(text)) return { kind: "everyone" };
  const network = parseNetwork(text);
  if (network !== undefined && isBroadcast(network)) return { kind: "broadcast" };
  const zone = /^([^%]*)%/.exec(text)?.[1];
  if (zone !== undefined && parseNetwork(zone) !== undefined) return { kind: "zone", instead: takenNetwork(zone, pointer) };
  const [base = "", length] = text.split("/");
  const [mapped, prefix] = [ipv4Within(base), Number(length ?? 128) - 96];
  const inside = mapped === undefined ? undefined : parseNetwork(`${mapped}/${prefix}`);
  return inside === undefined ? { kind: "other" } : { kind: "mapped", instead: takenNetwork(toCidr(inside), pointer) };
}

/** The address in `127.0.0.1`, `127.0.0.1:8080` or `[::1]:8080`. */
export function addressWithin(text: string): string | undefined {
  const candidate = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return parseAddress(candidate)?.text;
}
