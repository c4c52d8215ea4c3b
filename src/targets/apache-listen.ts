/** Listening: ports that the stock ports.conf lacks, and requests on addresses that are not the description's. */
import { bracketed } from "../core/network.ts";
import type { Listener, Site } from "../core/site.ts";
import { quoted } from "./spelling.ts";

/** A `Listen` directive, and the variable that keeps a second file from repeating it. */
interface Listen {
  readonly variable: string;
  readonly socket: string;
}

/** What the stock ports.conf listens on. */
const stockPorts = new Set([80, 443]);

export function listens({ listeners, httpPort, httpsPort }: Pick<Site, "listeners" | "httpPort" | "httpsPort">): Listen[] {
  return [httpPort, httpsPort].filter((port) => !stockPorts.has(port)).flatMap((port) => sockets(listeners, port));
}

function sockets(listeners: readonly Listener[], port: number): Listen[] {
  // A bare port is one socket for both families.
  const every = ["0.0.0.0", "::"].every((wildcard) => listeners.some(({ address }) => address === wildcard));
  if (every) return [{ variable: `mailcow_listen_${port}`, socket: String(port) }];
  return listeners.map((listener) => ({
    variable: `mailcow_listen_${listener.address.replaceAll(/[.:]/g, "_")}_${port}`,
    socket: `${bracketed(listener)}:${port}`,
  }));
}

/** The listeners as a regular expression for a local address, or an empty string when they are every address. */
export function ownAddresses(listeners: readonly Listener[]): string {
  const patterns = listeners.map(pattern);
  return Object.values(anyAddress).every((any) => patterns.includes(any)) ? "" : patterns.join("|");
}

/** Every address of a family. */
const anyAddress = { 4: "[0-9.]+", 6: "[0-9a-f]*:.+" } as const;

function pattern({ address, family }: Listener): string {
  return address === "0.0.0.0" || address === "::" ? anyAddress[family] : quoted(address);
}
