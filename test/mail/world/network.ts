/**
 * The networks between clients, the proxy and mailcow. The tests' own namespace is the outside: clients, a host in the tunnel's
 * network and a host beside mailcow's, told apart by the address that they connect from.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { run } from "../../wire/world/command.ts";
import { scratch } from "../../wire/world/filesystem.ts";

export const clients = {
  4: ["203.0.113.66", "203.0.113.77"],
  // Postfix counts the clients of a network together.
  6: ["2001:db8:c::66", "2001:db8:d::77"],
} as const;

export type Family = keyof typeof clients;
export const families = [4, 6] as const;

/** Of a server that sends mail to mailcow's domain. */
export const senderAddress = "203.0.113.25";

export const proxyAddresses = { 4: "198.51.100.1", 6: "2001:db8:100::1" } as const;

/** The way of a client to the proxy. */
export function through(family: Family, client: 0 | 1 = 0): { readonly from: string; readonly to: string } {
  return { from: clients[family][client], to: proxyAddresses[family] };
}

/** The tunnel, and a third host in its network. */
export const tunnel = { proxy: "10.13.13.1", mailcow: "10.13.13.2", third: "10.13.13.3" } as const;

/** A host in the network of mailcow's host, which sends packets for the tunnel's address there. */
export const beside = "192.0.2.20";
/** The addresses of both with IPv6. */
export const beside6 = { own: "2001:db8:20::20", mailcow: "2001:db8:20::10" } as const;

/** mailcow's containers. */
export const containers = { "postfix-mailcow": "172.22.1.253", "dovecot-mailcow": "172.22.1.250" } as const;

type Host = "proxy" | "host" | "mailcow";

/** The proxy, mailcow's host, and its containers, which share a namespace. */
const script = `set -e
for one in proxy host mailcow; do
    ip netns add $one
    ip -n $one link set lo up
done
join() { # namespace, device there, peer's device, addresses …
    one=$1 device=$2 peer=$3
    shift 3
    ip link add name "$peer" type veth peer name "$device" netns "$one"
    ip link set "$peer" up
    ip -n "$one" link set "$device" up
    for address; do ip -n "$one" address add "$address" dev "$device" nodad; done
}
join proxy public clients 203.0.113.1/24 2001:db8:c::1/64 2001:db8:d::1/64
ip -n proxy address add ${proxyAddresses[4]}/32 dev lo
ip -n proxy address add ${proxyAddresses[6]}/128 dev lo nodad
for address in ${[...clients[4], senderAddress].map((address) => `${address}/24`).join(" ")} ${clients[6].map((address) => `${address}/64`).join(" ")}; do ip address add $address dev clients nodad; done
ip route add ${proxyAddresses[4]} via 203.0.113.1
ip route add ${proxyAddresses[6]} via 2001:db8:c::1

ip link add tunnel type bridge
ip address add ${tunnel.third}/24 dev tunnel
ip link set tunnel up
join proxy wg0 tunnel-proxy ${tunnel.proxy}/24
join host wg0 tunnel-host ${tunnel.mailcow}/24
ip link set tunnel-proxy master tunnel
ip link set tunnel-host master tunnel

join host eth0 lan 192.0.2.10/24 ${beside6.mailcow}/64
ip address add ${beside}/24 dev lan
ip address add ${beside6.own}/64 dev lan nodad
ip rule add from ${beside} lookup 20
ip route add default via 192.0.2.10 table 20

ip -n host link add br-mailcow type veth peer name eth0 netns mailcow
ip -n host address add 172.22.1.1/24 dev br-mailcow
ip -n host address add fd4d:6169:6c63:6f77::1/64 dev br-mailcow nodad
ip -n host link set br-mailcow up
ip -n mailcow address add ${containers["dovecot-mailcow"]}/24 dev eth0
ip -n mailcow address add ${containers["postfix-mailcow"]}/24 dev eth0
ip -n mailcow address add fd4d:6169:6c63:6f77::d/64 dev eth0 nodad
ip -n mailcow link set eth0 up
ip -n mailcow route add default via 172.22.1.1
ip netns exec host sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
# The checks of some servers take the addresses that the proxy will have.
for family in 4 6; do echo 1 >/proc/sys/net/ipv$family/ip_nonlocal_bind; done
`;

export function makeNetwork(): void {
  mkdirSync("/run/netns", { recursive: true });
  run("sh", "-c", script);
}

/** A command line for sh that becomes a program in a namespace. Its own `exec` may be in the script. */
export function within(host: Host, name: string, body: string): string {
  const file = `${scratch}/${name}.sh`;
  writeFileSync(file, body);
  return `exec ip netns exec ${host} sh ${file}`;
}

/** Runs a program there to its end. */
export function runWithin(host: Host, ...command: readonly string[]): string {
  return run("ip", "netns", "exec", host, ...command);
}

/** A port that Docker publishes. */
export interface Published {
  readonly address: string;
  readonly port: number;
  readonly container: string;
  readonly containerPort: number;
}

/**
 * The rules of Docker's start, which publish ports. Docker puts its chains before other rules, and keeps what is in DOCKER-USER.
 * The containers are reached in the second way too: a host beside it sends a packet for a container to mailcow's host.
 */
export function startDocker(ports: readonly Published[]): void {
  const nat = ports.map(({ address, port, container, containerPort }) => `iptables -t nat -A DOCKER -d ${address} ! -i br-mailcow -p tcp --dport ${port} -j DNAT --to-destination ${container}:${containerPort}\n`);
  const accepted = ports.map(({ container, containerPort }) => `iptables -A DOCKER -d ${container} ! -i br-mailcow -o br-mailcow -p tcp --dport ${containerPort} -j ACCEPT\n`);
  const rules = `set -e
${stopDockerScript}
iptables -t nat -N DOCKER
iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
${nat.join("")}
iptables -N DOCKER
${accepted.join("")}
iptables -n -L DOCKER-USER >/dev/null 2>&1 || { iptables -N DOCKER-USER; iptables -A DOCKER-USER -j RETURN; }
iptables -P FORWARD DROP
iptables -I FORWARD -i br-mailcow -j ACCEPT
iptables -I FORWARD -o br-mailcow -j DOCKER
iptables -I FORWARD -o br-mailcow -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -I FORWARD -j DOCKER-USER
`;
  writeFileSync(`${scratch}/docker.sh`, rules);
  runWithin("host", "sh", `${scratch}/docker.sh`);
}

const stopDockerScript = `
for rule in "-i br-mailcow -j ACCEPT" "-o br-mailcow -j DOCKER" "-o br-mailcow -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" "-j DOCKER-USER"; do
    while iptables -D FORWARD $rule 2>/dev/null; do :; done
done
iptables -F DOCKER 2>/dev/null && iptables -X DOCKER || true
iptables -t nat -F
iptables -t nat -X
`;

/** Takes them away. */
export function stopDocker(): void {
  runWithin("host", "sh", "-c", stopDockerScript);
}
