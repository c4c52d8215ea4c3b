/** What is wrong with a scalar that its definition in the schema refused. */
import { toHostName } from "./host-name.ts";
import { parseAddress, parseNetwork, toCidr } from "./network.ts";
import type { Problem } from "./problem.ts";

/** The scalar definitions of the schema. */
export const scalarKinds = ["hostName", "address", "network", "port", "filePath", "verify", "urlPath", "version"] as const;

export function explainValue(kind: (typeof scalarKinds)[number], key: string, value: unknown, pointer: string): Problem {
  const place = { pointer, on: "value" } as const;
  const text = textOf(value);
  if (kind === "port") return explainPort(value, text, pointer);
  if (kind === "version" && typeof value === "number") return { code: "version-unquoted", arguments: { value: text }, place };
  if (typeof value !== "string") {
    return { code: "wrong-type", arguments: { key, expected: expectedText[kind], value: text, instead: undefined }, place };
  }
  switch (kind) {
    case "hostName": {
      const result = toHostName(value);
      return { code: "host-name", arguments: { value, fault: "fault" in result ? result.fault : { kind: "single-label" } }, place };
    }
    case "address":
      return { code: "address", arguments: { value, instead: addressWithin(value) }, place };
    case "network": {
      const network = parseNetwork(value);
      return network?.hostBits === true
        ? { code: "network-host-bits", arguments: { value, network: toCidr(network) }, place }
        : { code: "network", arguments: { value }, place };
    }
    case "filePath":
    case "verify":
      return { code: "file-path", arguments: { value }, place };
    case "urlPath":
      return { code: "url-path", arguments: { value }, place };
    case "version":
      return { code: "version", arguments: { value }, place };
  }
}

/** A value as an administrator would recognise it, on one line and short. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return String(value);
}

const expectedText = {
  hostName: "host name",
  address: "address",
  network: "network",
  filePath: "path",
  verify: "path",
  urlPath: "path",
  version: "version",
};

function explainPort(value: unknown, text: string, pointer: string): Problem {
  const place = { pointer, on: "value" } as const;
  if (typeof value === "string") {
    const trimmed = value.trim();
    if (/^[0-9]{1,5}$/.test(trimmed)) return { code: "port-quoted", arguments: { value: trimmed }, place };
    const address = addressWithin(trimmed);
    if (address !== undefined) {
      return { code: "port-address", arguments: { value: trimmed, address, port: /:([0-9]{1,5})$/.exec(trimmed.slice(address.length))?.[1] }, place };
    }
  }
  return { code: "port", arguments: { value: text }, place };
}

/** The address in `127.0.0.1`, `127.0.0.1:8080` or `[::1]:8080`. */
function addressWithin(text: string): string | undefined {
  const candidate = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return parseAddress(candidate)?.text;
}
