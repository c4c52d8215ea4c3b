/** Networks as Apache takes them, and turned inside out: it can only be told whose PROXY protocol header it does not expect. */
import ipaddr from "ipaddr.js";

/** The address of all zeros in each family, which stands for it. */
const families = ["0.0.0.0", "::"] as const;

const halves = ["0", "1"] as const;

/** The network; a whole family as its two halves, because Apache takes no prefix of length 0. */
export function takeable(network: string): string[] {
  const { all, prefix } = bits(network);
  return prefix === "" ? halves.map((half) => cidr(all, half)) : [network];
}

/** The CIDR networks that together hold every address, of both families, that is in none of the given ones. */
export function complement(networks: readonly string[]): string[] {
  const given = networks.map((network) => bits(network));
  return families.flatMap((all) => {
    const prefixes = given.filter((network) => network.all === all).map(({ prefix }) => prefix);
    return halves.flatMap((half) => rest(half, prefixes)).map((prefix) => cidr(all, prefix));
  });
}

/** The shortest strings of bits that begin with `start` and neither begin with one of the given ones nor are the beginning of one. */
function rest(start: string, given: readonly string[]): string[] {
  if (given.some((prefix) => start.startsWith(prefix))) return [];
  const inside = given.filter((prefix) => prefix.startsWith(start));
  return inside.length === 0 ? [start] : [...rest(`${start}0`, inside), ...rest(`${start}1`, inside)];
}

/** A network as the bits of its prefix, and the address that stands for its family. */
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
