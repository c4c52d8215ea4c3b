/** Listen directives for ports that the stock ports.conf lacks, and a filter for requests on other addresses. */
import { bracketed, isWildcard } from "../../core/network.ts";
import type { Listener, Site } from "../../core/site/site.ts";
import { quoted } from "../shared/spelling.ts";

/** A `Listen` directive, and the variable that prevents a second file from repeating it. */
export interface Listen {
  readonly variable: string;
  readonly socket: string;
}

/** The ports in the stock ports.conf. */
const stockPorts = new Set([80, 443]);

export function listens({ proxy: { listen, ports } }: Pick<Site, "proxy">): Listen[] {
  return ports.filter((port) => !stockPorts.has(port)).flatMap((port) => sockets(listen, port));
}

/** Sockets that do not conflict: a wildcard socket includes all addresses of its family, and the IPv6 wildcard includes IPv4. */
function sockets(listeners: readonly Listener[], port: number): Listen[] {
  const wildcards = listeners.filter(isEvery);
  const every = wildcards.some(({ family }) => family === 6) && listeners.some(({ family }) => family === 4);
  if (every) return [{ variable: `mailcow_listen_${port}`, socket: String(port) }];
  const apart = listeners.filter((listener) => isEvery(listener) || !wildcards.some(({ family }) => family === listener.family));
  return apart.map((listener) => ({
    variable: `mailcow_listen_${listener.address.replaceAll(/[.:]/g, "_")}_${port}`,
    socket: `${bracketed(listener)}:${port}`,
  }));
}

/** A regular expression for the listeners' addresses, or an empty text when they listen on every address. */
export function ownAddresses(listeners: readonly Listener[]): string {
  const patterns = listeners.map(pattern);
  return Object.values(anyAddress).every((any) => patterns.includes(any)) ? "" : patterns.join("|");
}

/** A regular expression for every address of a family. */
const anyAddress = { 4: "[0-9.]+", 6: "[0-9a-f]*:.+" } as const;

function pattern(listener: Listener): string {
  return isEvery(listener) ? anyAddress[listener.family] : quoted(listener.address);
}

function isEvery({ address, family }: Listener): boolean {
  return isWildcard({ text: address, family });
}
