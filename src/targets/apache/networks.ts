/** Networks for Apache. For PROXY protocol, it needs the complement: the networks from which it must not expect the header. */
import ipaddr from "ipaddr.js";

/** The all-zeros address of each family, used as its name. */
const families = ["0.0.0.0", "::"] as const;

const halves = ["0", "1"] as const;

/** The network, but a whole family as two halves, because Apache does not accept the prefix length 0. */
export function takeable(network: string): string[] {
  const { all, prefix } = bits(network);
  return prefix === "" ? halves.map((half) => cidr(all, half)) : [network];
}

/** CIDR networks with exactly the addresses of both families that are not in the given networks. */
export function complement(networks: readonly string[]): string[] {
  const given = networks.map((network) => bits(network));
  return families.flatMap((all) => {
    const prefixes = given.filter((network) => network.all === all).map(({ prefix }) => prefix);
    return halves.flatMap((half) => rest(half, prefixes)).map((prefix) => cidr(all, prefix));
  });
}

/** The shortest bit strings that begin with `start` and do not overlap with the given prefixes. */
function rest(start: string, given: readonly string[]): string[] {
  if (given.some((prefix) => start.startsWith(prefix))) return [];
  const inside = given.filter((prefix) => prefix.startsWith(start));
  return inside.length === 0 ? [start] : [...rest(`${start}0`, inside), ...rest(`${start}1`, inside)];
}

/** The bits of a network's prefix, and the all-zeros address of its family. */
function bits(network: string): { all: string; prefix: string } {
  const [address, length] = ipaddr.parseCIDR(network);
  const bytes = address.toByteArray();
  const prefix = bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("").slice(0, length);
  return { all: bytes.length === 4 ? "0.0.0.0" : "::", prefix };
}

function cidr(all: string, prefix: string): string {
  const bytes = ipaddr.parse(all).toByteArray().map((_, index) => parseInt(prefix.slice(8 * index, 8 * index + 8).padEnd(8, "0"), 2));
  return `${ipaddr.fromByteArray(bytes).toString()}/${prefix.length}`;
}
