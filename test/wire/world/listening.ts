/** Who listens where, asked of the kernel: a connection that says nothing is an error in the log of some servers. */
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { addressBytes } from "./proxy-protocol.ts";

/** The state of a listening socket in /proc/net/tcp. */
const listening = "0A";

/**
 * Whether somebody listens on the address, or on all of its family, at the port. A listener on all IPv6 addresses
 * counts for IPv4 as well: the kernel does not tell whether it takes both.
 */
export function isListenedTo({ host, port }: { readonly host: string; readonly port: number }): boolean {
  const suffix = `:${port.toString(16).padStart(4, "0").toUpperCase()}`;
  const locals = new Set([...localsIn("/proc/net/tcp"), ...localsIn("/proc/net/tcp6")]);
  return [addressBytes(host), Buffer.alloc(16), ...(isIPv6(host) ? [] : [Buffer.alloc(4)])].some((bytes) => locals.has(words(bytes) + suffix));
}

function localsIn(table: string): string[] {
  return readFileSync(table, "utf8").split("\n").flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    return state === listening ? [local] : [];
  });
}

/** An address as the kernel prints it: words of four bytes in the machine's order. */
function words(bytes: Buffer): string {
  return Buffer.from(bytes).swap32().toString("hex").toUpperCase();
}
