/** The network of a mail host: containers behind a bridge of Docker's, and clients in another network. */
import { existsSync, mkdirSync } from "node:fs";
import { type Outcome, attempt, run } from "../../wire/world/command.ts";

/** The gateway of mailcow's network, which is an address of the host. */
const gateway = "172.22.1.1";
/** A container with the mail ports, in mailcow's network. */
export const container = "172.22.1.253";
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
  publishMail();
}

/** As Docker publishes a port: for packets from elsewhere, and for those of the host itself. */
function publishMail(): void {
  run("nft", `
    table ip docker {
      chain prerouting { type nat hook prerouting priority -100; fib daddr type local tcp dport { 25, 143 } dnat to ${container}; }
      chain output { type nat hook output priority -100; ip daddr != 127.0.0.0/8 fib daddr type local tcp dport { 25, 143 } dnat to ${container}; }
    }`);
}

/** The tunnel between mailcow's host and the proxy, with another host in it. */
export const tunnel = { host: "10.13.13.2", proxy: "10.13.13.1", other: "10.13.13.66", host6: "fd13::2", proxy6: "fd13::1" } as const;

/** Makes the tunnel, and publishes ports of the container on the host's address there, as Docker does. */
export function makeTunnel(ports: readonly number[]): void {
  makeNetwork();
  if (existsSync("/run/netns/tunnel")) return;
  link("tunnel", "wg-mailcow", `${tunnel.host}/24`, [`${tunnel.proxy}/24`, `${tunnel.other}/24`], tunnel.host);
  run("ip", "address", "add", `${tunnel.host6}/64`, "dev", "wg-mailcow", "nodad");
  run("ip", "-n", "tunnel", "address", "add", `${tunnel.proxy6}/64`, "dev", "eth0", "nodad");
  publish(ports);
}

function publish(ports: readonly number[]): void {
  run("nft", `
    table ip published {
      chain prerouting { type nat hook prerouting priority -100; ip daddr ${tunnel.host} tcp dport { ${ports.join(", ")} } dnat to ${container}; }
    }`);
}

/** As a service of the host that begins with an empty ruleset; then Docker starts again. */
export function flushRules(ports: readonly number[]): void {
  run("nft", "flush", "ruleset");
  publishMail();
  publish(ports);
}

/** Tries to connect to each port at once, and prints those that answer within a second. */
const tries = `
my ($to, $from, @ports) = @ARGV;
my %open;
for my $port (@ports) { $open{$port} = IO::Socket::IP->new(PeerHost => $to, PeerPort => $port, $from ? (LocalHost => $from) : (), Blocking => 0) }
for (1 .. 20) {
  for my $port (grep { $open{$_} } @ports) { print "$port\n" and delete $open{$port} if $open{$port}->connect and $open{$port}->peerport }
  last unless grep { $open{$_} } @ports;
  select undef, undef, undef, 0.05;
}`;

/**
 * The ports of a host that answer.
 *
 * @param from an address in the tunnel, or the name of a namespace, or nothing for mailcow's host itself
 */
export function answering(from: string, to: string, ports: readonly number[]): number[] {
  const isName = /^[a-z]+$/.test(from);
  const perl = ["perl", "-MIO::Socket::IP", "-e", tries, to, isName ? "" : from, ...ports.map(String)];
  const [program = "", ...args] = from === "" ? perl : ["ip", "netns", "exec", isName ? from : "tunnel", ...perl];
  return run(program, ...args).split("\n").filter((line) => line !== "").map(Number).toSorted((left, right) => left - right);
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

/** A command of sh in one of the namespaces. */
export function within(name: "mailcow" | "clients" | "tunnel", command: string): string {
  return `ip netns exec ${name} ${command}`;
}

/** Whether a client can connect to a published port of the host. */
export function reaches(client: (typeof clients)[number], port: 25 | 143): boolean {
  const script = "IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1], LocalAddr => $ARGV[2], Timeout => 2) or exit 1";
  const { status }: Outcome = attempt("ip", "netns", "exec", "clients", "perl", "-MIO::Socket::INET", "-e", script, host, String(port), client);
  return status === 0;
}
