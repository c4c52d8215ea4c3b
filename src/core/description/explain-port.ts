/** Explains why a value is not a port. */
import { parseAddress } from "../network.ts";
import type { Problem } from "../problems/problem.ts";
import { addressWithin } from "./explain-address.ts";

export function explainPort(key: string, value: unknown, text: string, pointer: string): Problem {
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
