/** Explains why a scalar does not match its definition in the schema. */
import { parseNetwork, toCidr } from "../network.ts";
import { nearest } from "../nearest.ts";
import type { Problem, UserFault } from "../problems/problem.ts";
import { presetNames } from "../site/presets.ts";
import { discreetly } from "../secrets/hide.ts";
import { addressFault, isAddressLike, networkFault } from "./explain-address.ts";
import { hostNameFault, meantName } from "./explain-name.ts";
import { explainPort } from "./explain-port.ts";
import { type ScalarKind, takenNetwork, takes } from "./takes.ts";

/** @param example returns the schema's example for the key */
export function explainValue(kind: ScalarKind, key: string, value: unknown, pointer: string, example: () => string): Problem {
  const place = { pointer, on: "value" } as const;
  const text = textOf(value);
  if (kind === "port") return explainPort(key, value, text, pointer);
  if (kind === "seconds") return { code: "seconds", arguments: { key, value: text }, place };
  if (kind === "count") return { code: "count", arguments: { key, value: typeof value === "string" ? `the text "${text}"` : text }, place };
  // YAML reads these as numbers: seconds without their unit, two numbers with a dot, a password of digits.
  if ((kind === "duration" || kind === "ipv4Network" || kind === "rspamdHash") && typeof value === "number") return explainValue(kind, key, String(value), pointer, example);
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
        ? { code: "network-host-bits", arguments: { value: text, network: takenNetwork(toCidr(network), pointer), address: value.split("/")[0] ?? value }, place }
        : { code: "network", arguments: { value: text, fault: networkFault(value, kind, pointer) }, place };
    }
    case "filePath":
    case "verify":
      return { code: "file-path", arguments: { value: text }, place };
    case "email":
      return { code: "email", arguments: { value: text }, place };
    case "loginName":
      return { code: "login-name", arguments: { value: text }, place };
    case "variable":
      return { code: "variable-name", arguments: { value: text, instead: /^\$\{?([A-Za-z_][A-Za-z0-9_]{0,99})\}?$/.exec(value)?.[1] }, place };
    case "urlPath":
      return { code: "url-path", arguments: { value: text }, place };
    case "user":
      // The value may be a password.
      return { code: "basic-auth-user", arguments: userFault(value), place };
    case "duration":
      return { code: "duration", arguments: { key, value: text, example: example() }, place };
    case "banlist":
      return { code: "banlist", arguments: { value: text, example: example() }, place };
    case "rspamdHash":
      // The value may be a password.
      return { code: isHash(value) ? "rspamd-hash" : "rspamd-plain-password", arguments: { key }, place };
    case "ipv4Network":
      return { code: "ipv4-network", arguments: { value: text, instead: firstThree(value) }, place };
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

/** The one value in a list or mapping, if the key takes it. */
function onlyValue(kind: ScalarKind, value: unknown, pointer: string): string | undefined {
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
  loginName: "name",
  variable: "name of a variable",
  urlPath: "path",
  user: "a name and a hash",
  duration: "a duration",
  banlist: "address of a list",
  ipv4Network: "three numbers",
  rspamdHash: "a hash",
  version: "version",
};

/** Whether a text is meant as the hash of a password, whatever is wrong with it. */
function isHash(text: string): boolean {
  return /^\$[A-Za-z0-9]{1,10}\$/.test(text);
}

/** The first three numbers of an IPv4 network of 256 addresses, or of an address in it. */
function firstThree(text: string): string | undefined {
  const network = parseNetwork(text);
  return network?.family === 4 && /\/24$|^[^/]*$/.test(text) ? text.split(".", 3).join(".") : undefined;
}

function userFault(text: string): UserFault {
  const [, name = "", hash = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const cost = /^\$2y\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  if (cost !== undefined) return /^[A-Za-z0-9._@-]{1,64}$/.test(name) ? { kind: "cost", cost: Number(cost) } : { kind: "name" };
  return { kind: /^(?:\$[A-Za-z0-9-]{1,10}\$|\{[A-Z0-9-]{1,20}\})/.test(hash) ? "hash" : "password" };
}

