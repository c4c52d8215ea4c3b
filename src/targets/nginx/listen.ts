/** The address for `listen`. */
import type { Listener } from "../../core/site/site.ts";
import { socket } from "../shared/spelling.ts";

/** A port without an address means every IPv4 address. */
export function listen(listener: Listener, port: number): string {
  return listener.address === "0.0.0.0" ? String(port) : socket({ ...listener, port });
}
