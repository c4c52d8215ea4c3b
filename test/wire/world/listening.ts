/** Who listens where, asked of the kernel: a connection that says nothing is an error in the log of some servers. */
import { isIPv6 } from "node:net";
import { run } from "./command.ts";

export interface Endpoint {
  /** An address. */
  readonly host: string;
  readonly port: number;
}

/**
 * Those of the endpoints at which nobody listens, neither on the address nor on all of its family. A listener on all IPv6
 * addresses counts for IPv4 as well: the kernel does not tell whether it takes both.
 */
export function withoutListener<E extends Endpoint>(endpoints: readonly E[]): E[] {
  // Of the tables in /proc, each look takes the time of all connections that the machine could have.
  const locals = new Set(run("ss", "-Hltn").split("\n").map((line) => line.split(/\s+/)[3]));
  const places = (host: string) => (isIPv6(host) ? [`[${host}]`, "[::]", "*"] : [host, "0.0.0.0", "[::]", "*"]);
  return endpoints.filter(({ host, port }) => !places(host).some((place) => locals.has(`${place}:${port}`)));
}

export function isListenedTo(endpoint: Endpoint): boolean {
  return withoutListener([endpoint]).length === 0;
}
