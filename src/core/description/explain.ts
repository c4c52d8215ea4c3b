/** Explains why a scalar does not match its definition in the schema. */
import { type HostNameFault, toHostName } from "../host-name.ts";
import { toNameEntry } from "./name-entry.ts";
import { ipv4Within, isBroadcast, parseAddress, parseNetwork, toCidr, unusable } from "../network.ts";
import type { AddressFault, NetworkFault, Problem } from "../problems/problem.ts";
import { discreetly } from "../secrets/hide.ts";

/** The scalar definitions of the schema. */
export const scalarKinds = ["hostName", "serverName", "certificateName", "bind", "address", "network", "port", "seconds", "filePath", "verify", "email", "urlPath", "version"] as const;

/** @param example returns the schema's example for the key */
export function explainValue(kind: (typeof scalarKinds)[number], key: string, value: unknown, pointer: string, example: () => string): Problem {
  const place = { pointer, on: "value" } as const;
  const text = textOf(value);
  if (kind === "port") return explainPort(key, value, text, pointer);
  if (kind === "seconds") return { code: "seconds", arguments: { key, value: text }, place };
  if (kind === "version" && typeof value === "number") return { code: "version-unquoted", arguments: { key, example: example() }, place };
  if (typeof value !== "string") {
    return { code: "wrong-type", arguments: { key, expected: expectedText[kind], value: text, instead: undefined, example: undefined }, place };
  }
  switch (kind) {
    case "hostName":
    case "serverName":
    case "certificateName":
      return { code: "host-name", arguments: { value: text, fault: hostNameFault(kind, value) }, place };
    case "bind":
    case "address":
      return { code: "address", arguments: { value: text, fault: addressFault(value) }, place };
    case "network": {
      const network = parseNetwork(value);
      return network?.hostBits === true
        ? { code: "network-host-bits", arguments: { value: text, network: toCidr(network) }, place }
        : { code: "network", arguments: { value: text, fault: networkFault(value) }, place };
    }
    case "filePath":
    case "verify":
      return { code: "file-path", arguments: { value: text }, place };
    case "email":
      return { code: "email", arguments: { value: text }, place };
    case "urlPath":
      return { code: "url-path", arguments: { value: text }, place };
    case "version":
      return { code: "version", arguments: { value: text, example: example() }, place };
  }
}

function hostNameFault(kind: "hostName" | "serverName" | "certificateName", text: string): HostNameFault {
  const entry = kind === "hostName" ? undefined : toNameEntry(text);
  const result = entry !== undefined && "fault" in entry ? entry : toHostName(text);
  return "fault" in result ? result.fault : { kind: "single-label" };
}

/** A value in a short form that an administrator recognises. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (value === "") return "empty text";
  // Hide secrets before shortening: the rest of a secret might not look like one.
  const text = discreetly(typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value));
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

/** The most characters of a value in a message. */
const maxShown = 80;

const expectedText = {
  hostName: "host name",
  serverName: "host name",
  certificateName: "host name",
  bind: "address",
  address: "address",
  network: "network",
  filePath: "path",
  verify: "path",
  email: "e-mail address",
  urlPath: "path",
  version: "version",
};

function explainPort(key: string, value: unknown, text: string, pointer: string): Problem {
  const place = { pointer, on: "value" } as const;
  if (typeof value === "string") {
    const trimmed = value.trim();
    if (/^[0-9]{1,5}$/.test(trimmed)) return { code: "port-quoted", arguments: { value: trimmed }, place };
    const address = addressWithin(trimmed);
    if (address !== undefined) {
      const port = parseAddress(trimmed) === undefined ? /:([0-9]{1,5})$/.exec(trimmed)?.[1] : undefined;
      const addressKey = pointer.startsWith("/proxy/") ? "listen" : "bind";
      return { code: "port-address", arguments: { value: trimmed, address, port, addressKey, portKey: key }, place };
    }
  }
  return { code: "port", arguments: { value: text }, place };
}

function addressFault(text: string): AddressFault {
  const address = addressWithin(text);
  if (address !== undefined) return { kind: "port", instead: address };
  if (text === "*") return { kind: "asterisk" };
  const [withoutZone = ""] = text.split("%");
  const kind = unusable(withoutZone);
  if (kind !== undefined) return { kind };
  const zone = parseAddress(withoutZone);
  if (zone !== undefined) return { kind: "zone", instead: zone.text };
  const mapped = ipv4Within(text);
  if (mapped !== undefined && parseAddress(mapped) !== undefined) return { kind: "mapped", instead: mapped };
  return { kind: /^[a-z0-9._-]+$/i.test(text) && /[a-z]/i.test(text) ? "name" : "other" };
}

function networkFault(text: string): NetworkFault {
  const network = parseNetwork(text);
  if (network !== undefined && isBroadcast(network)) return { kind: "broadcast" };
  const zone = /^([^%]*)%/.exec(text)?.[1];
  if (zone !== undefined && parseNetwork(zone) !== undefined) return { kind: "zone", instead: zone };
  const [base = "", length] = text.split("/");
  const [mapped, prefix] = [ipv4Within(base), Number(length ?? 128) - 96];
  const inside = mapped === undefined ? undefined : parseNetwork(`${mapped}/${prefix}`);
  return inside === undefined ? { kind: "other" } : { kind: "mapped", instead: toCidr(inside) };
}

/** The address in `127.0.0.1`, `127.0.0.1:8080` or `[::1]:8080`. */
function addressWithin(text: string): string | undefined {
  const candidate = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return parseAddress(candidate)?.text;
}
