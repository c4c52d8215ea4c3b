/** Explains why a scalar does not match its definition in the schema. */
import { type HostNameFault, toHostName, toUpstreamName } from "../host-name.ts";
import { toNameEntry } from "./name-entry.ts";
import { formats } from "./formats.ts";
import { ipv4Within, isBroadcast, parseAddress, parseNetwork, toCidr, trustsEveryone, unusable } from "../network.ts";
import { nearest } from "../nearest.ts";
import type { AddressFault, NetworkFault, Problem, UserFault } from "../problems/problem.ts";
import { presetNames, presetOf } from "../site/presets.ts";
import { discreetly } from "../secrets/hide.ts";

/** The scalar definitions of the schema. */
export const scalarKinds = ["hostName", "serverName", "certificateName", "bind", "address", "upstreamAddress", "network", "clients", "trustedProxy", "port", "seconds", "filePath", "verify", "email", "urlPath", "user", "version"] as const;

/** @param example returns the schema's example for the key */
export function explainValue(kind: (typeof scalarKinds)[number], key: string, value: unknown, pointer: string, example: () => string): Problem {
  const place = { pointer, on: "value" } as const;
  const text = textOf(value);
  if (kind === "port") return explainPort(key, value, text, pointer);
  if (kind === "seconds") return { code: "seconds", arguments: { key, value: text }, place };
  if (kind === "version" && typeof value === "number") return { code: "version-unquoted", arguments: { key, example: example() }, place };
  if (typeof value !== "string") {
    return { code: "wrong-type", arguments: { key, expected: expectedText[kind], value: text, instead: onlyValue(kind, value, pointer), example: undefined, optional: false }, place };
  }
  switch (kind) {
    case "hostName":
    case "serverName":
    case "certificateName":
      return { code: "host-name", arguments: { value: text, fault: hostNameFault(kind, value), instead: meantName(kind, value, pointer) }, place };
    case "bind":
    case "address":
      return { code: "address", arguments: { value: text, fault: addressFault(value) }, place };
    case "upstreamAddress":
      return isAddressLike(value)
        ? { code: "address", arguments: { value: text, fault: addressFault(value) }, place }
        : { code: "host-name", arguments: { value: text, fault: hostNameFault(kind, value), instead: meantName(kind, value, pointer) }, place };
    case "trustedProxy":
    case "network":
    case "clients": {
      if (kind === "trustedProxy" && isWord(value)) return { code: "preset", arguments: { value: text, allowed: presetNames, ...presetMeant(value) }, place };
      const network = parseNetwork(value);
      return network?.hostBits === true
        ? { code: "network-host-bits", arguments: { value: text, network: ifTaken(toCidr(network), pointer), address: value.split("/")[0] ?? value }, place }
        : { code: "network", arguments: { value: text, fault: networkFault(value, kind, pointer) }, place };
    }
    case "filePath":
    case "verify":
      return { code: "file-path", arguments: { value: text }, place };
    case "email":
      return { code: "email", arguments: { value: text }, place };
    case "urlPath":
      return { code: "url-path", arguments: { value: text }, place };
    case "user":
      // The value may be a password.
      return { code: "basic-auth-user", arguments: userFault(value), place };
    case "version":
      return { code: "version", arguments: { value: text, example: example() }, place };
  }
}

/** Programs that connect to a service in the internet and bring its requests to a server of their own host. */
const tunnel = /^(?:cloudflared|(?:cloudflare[-_ ]?)?tunnel|argo|pangolin|newt|tailscale|ngrok|frpc?)$/i;

function presetMeant(text: string) {
  return tunnel.test(text) ? { nearest: undefined, tunnel: true } : { nearest: nearest(text, presetNames), tunnel: false };
}

/** Whether a text looks like a name, and not like an address or a host name. */
function isWord(text: string): boolean {
  return /^[a-z][a-z0-9 _-]*$/i.test(text);
}

type NameKind = "hostName" | "serverName" | "certificateName" | "upstreamAddress";

/** Whether a text was meant as an address, not as a name: it has only an address's characters, or what may stand around them. */
function isAddressLike(text: string): boolean {
  return /^(?:\[.*\](?::\d+)?|[0-9.]+(?::\d+)?|[0-9a-f]*:[0-9a-f]*:[^/]*|\*|0x[0-9a-f]*|localhost)$/i.test(text);
}

function hostNameFault(kind: NameKind, text: string): HostNameFault {
  const entry = kind === "hostName" || kind === "upstreamAddress" ? undefined : toNameEntry(text);
  const result = entry !== undefined && "fault" in entry ? entry : kind === "upstreamAddress" ? toUpstreamName(text) : toHostName(text);
  return "fault" in result ? result.fault : { kind: "single-label" };
}

/** The name that a text was meant to be, if its faults leave no doubt. */
function meantName(kind: NameKind, text: string, pointer: string): string | undefined {
  let name = text;
  // A text may have several faults: `https://mail.example.org./`.
  for (let round = 0; round < 5; round++) {
    if (takes(kind, name, pointer)) return name;
    const fault = hostNameFault(kind, name);
    // After another fault, it is only a guess that this is a name.
    const next = fault.kind === "top-level-digit" && round > 0 ? undefined : withoutFault(fault, name, pointer);
    if (next === undefined || next === name) return undefined;
    name = next;
  }
  return undefined;
}

function withoutFault(fault: HostNameFault, text: string, pointer: string): string | undefined {
  switch (fault.kind) {
    case "space":
      return text.trim();
    case "trailing-dot":
      return text.slice(0, -1);
    case "port":
      return text.replace(/:\d+$/, "");
    case "scheme":
      return text.includes("*") ? undefined : fault.instead;
    case "underscore":
      // A container's name may have them, and then no other name is its.
      if (pointer === "/proxy/upstream/address") return undefined;
      return text.replaceAll("_", "-");
    case "wildcard":
      return pointer.startsWith("/mail_domains/") ? fault.instead : undefined;
    case "top-level-digit":
      return text.includes("*") ? undefined : `${text}.internal`;
    default:
      return undefined;
  }
}

/** Whether a key of this kind takes the text. */
export function takes(kind: (typeof scalarKinds)[number], text: string, pointer: string): boolean {
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
      return presetOf(text) !== undefined || ifTaken(text, pointer) !== undefined;
    case "network":
      return ifTaken(text, pointer) !== undefined;
    case "clients":
      return formats.clients(text);
    default:
      return false;
  }
}

/** The network, if the list at the pointer takes it; peers that may tell the client's address must not include clients. */
function ifTaken(text: string, pointer: string): string | undefined {
  const network = parseNetwork(text);
  if (network === undefined || !formats["ip-network"](text)) return undefined;
  return /^\/proxy\/(?:trusted_proxies|addresses)(?:\/|$)/.test(pointer) && trustsEveryone(network) ? undefined : text;
}

/** The one value in a list or mapping, if the key takes it. */
function onlyValue(kind: (typeof scalarKinds)[number], value: unknown, pointer: string): string | undefined {
  const [only, ...others]: unknown[] = value !== null && typeof value === "object" ? Object.values(value) : [];
  return typeof only === "string" && others.length === 0 && takes(kind, only, pointer) ? only : undefined;
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
  upstreamAddress: "address or host name",
  network: "network",
  clients: "network",
  trustedProxy: "network",
  filePath: "path",
  verify: "path",
  email: "e-mail address",
  urlPath: "path",
  user: "a name and a hash",
  version: "version",
};

function explainPort(key: string, value: unknown, text: string, pointer: string): Problem {
  const place = { pointer, on: "value" } as const;
  if (typeof value === "string") {
    const trimmed = value.trim();
    const mapping = portMapping(key, trimmed, pointer);
    if (mapping !== undefined) return { code: "port-mapping", arguments: { value: trimmed, ...mapping }, place };
    const quoted = portWithin(trimmed);
    if (quoted !== undefined) return { code: "port-quoted", arguments: { value: trimmed, port: quoted }, place };
    const address = addressWithin(trimmed);
    if (address !== undefined) {
      const after = parseAddress(trimmed) === undefined ? /:([0-9]{1,5})$/.exec(trimmed)?.[1] : undefined;
      const port = after === undefined ? undefined : portWithin(after);
      if (after !== undefined && port === undefined) return { code: "port", arguments: { value: text }, place };
      const addressKey = pointer.startsWith("/proxy/") ? "listen" : "bind";
      return { code: "port-address", arguments: { value: trimmed, address, port, addressKey, portKey: key }, place };
    }
  }
  return { code: "port", arguments: { value: text }, place };
}

/** The ports in `443:8443`: mailcow's keys are for the first one, on its host; a proxy listens on the second one. */
function portMapping(key: string, text: string, pointer: string) {
  const [, first = "", second = ""] = /^(\d+):(\d+)$/.exec(text) ?? [];
  const [outside, inside] = [portWithin(first), portWithin(second)];
  if (outside === undefined || inside === undefined) return undefined;
  if (!pointer.startsWith("/proxy/") || key.startsWith("public_")) return { key, port: outside, mapped: undefined };
  return { key, port: inside, mapped: key === "https_port" ? { key: "public_https_port", port: outside } : undefined };
}

function portWithin(digits: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(digits) ? Number(digits) : 0;
  return port >= 1 && port <= 65535 ? port : undefined;
}

function userFault(text: string): UserFault {
  const [, name = "", hash = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const cost = /^\$2y\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  if (cost !== undefined) return /^[A-Za-z0-9._@-]{1,64}$/.test(name) ? { kind: "cost", cost: Number(cost) } : { kind: "name" };
  return { kind: /^(?:\$[A-Za-z0-9-]{1,10}\$|\{[A-Z0-9-]{1,20}\})/.test(hash) ? "hash" : "password" };
}

function addressFault(text: string): AddressFault {
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

function networkFault(text: string, kind: "network" | "clients" | "trustedProxy", pointer: string): NetworkFault {
  if (kind === "clients" && everyoneWord.test(text)) return { kind: "everyone" };
  const network = parseNetwork(text);
  if (network !== undefined && isBroadcast(network)) return { kind: "broadcast" };
  const zone = /^([^%]*)%/.exec(text)?.[1];
  if (zone !== undefined && parseNetwork(zone) !== undefined) return { kind: "zone", instead: ifTaken(zone, pointer) };
  const [base = "", length] = text.split("/");
  const [mapped, prefix] = [ipv4Within(base), Number(length ?? 128) - 96];
  const inside = mapped === undefined ? undefined : parseNetwork(`${mapped}/${prefix}`);
  return inside === undefined ? { kind: "other" } : { kind: "mapped", instead: ifTaken(toCidr(inside), pointer) };
}

/** The address in `127.0.0.1`, `127.0.0.1:8080` or `[::1]:8080`. */
function addressWithin(text: string): string | undefined {
  const candidate = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return parseAddress(candidate)?.text;
}
