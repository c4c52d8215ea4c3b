/** The network of a mail host: containers behind a bridge of Docker's, and clients in another network. */
import { existsSync, mkdirSync } from "node:fs";
import { type Outcome, attempt, run } from "../../wire/world/command.ts";

/** The gateway of mailcow's network, which is an address of the host. */
const gateway = "172.22.1.1";
/** A container with the mail ports, in mailcow's network. */
const container = "172.22.1.253";
/** The host's address for clients, where Docker publishes the ports of the container. */
const host = "203.0.113.1";
export const clients = ["203.0.113.66", "203.0.113.77"] as const;

/** Makes the network once for all test files. The host is the network namespace of the tests themselves. */
export function makeNetwork(): void {
  if (existsSync("/run/netns/mailcow")) return;
  mkdirSync("/run/netns", { recursive: true });
  link("mailcow", "br-mailcow", `${gateway}/24`, [`${container}/24`], gateway);
  link("clients", "eth-clients", `${host}/24`, clients.map((address) => `${address}/24`), host);
  run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
  // As Docker publishes a port: for packets from elsewhere, and for those of the host itself.
  run("nft", `
    table ip docker {
      chain prerouting { type nat hook prerouting priority -100; fib daddr type local tcp dport { 25, 143 } dnat to ${container}; }
      chain output { type nat hook output priority -100; ip daddr != 127.0.0.0/8 fib daddr type local tcp dport { 25, 143 } dnat to ${container}; }
    }`);
}

/** A network namespace with addresses, behind a link of the host. */
function link(name: string, device: string, here: string, there: readonly string[], route: string): void {
  run("ip", "netns", "add", name);
  run("ip", "link", "add", "name", device, "type", "veth", "peer", "name", "eth0", "netns", name);
  run("ip", "address", "add", here, "dev", device);
  run("ip", "link", "set", "dev", device, "up");
  for (const address of there) run("ip", "-n", name, "address", "add", address, "dev", "eth0");
  run("ip", "-n", name, "link", "set", "dev", "eth0", "up");
  run("ip", "-n", name, "link", "set", "dev", "lo", "up");
  run("ip", "-n", name, "route", "add", "default", "via", route);
}

/** A command of sh in one of the two namespaces. */
export function within(name: "mailcow" | "clients", command: string): string {
  return `ip netns exec ${name} ${command}`;
}

/** Whether a client can connect to a published port of the host. */
export function reaches(client: (typeof clients)[number], port: 25 | 143): boolean {
  const script = "IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], LocalAddr => $ARGV[2], Timeout => 2) or exit 1";
  const { status }: Outcome = attempt("ip", "netns", "exec", "clients", "perl", "-MIO::Socket::INET", "-e", script, host, String(port), client);
  return status === 0;
}
