/** IP addresses and networks, as ipaddr.js understands them, in one spelling each. */
import ipaddr from "ipaddr.js";

export interface Address {
  /** Canonical text without brackets or zone; an IPv4 address in IPv6 form is refused. */
  readonly text: string;
  readonly family: 4 | 6;
}

export interface Network extends Address {
  /** 0 to 32 or 128. */
  readonly prefix: number;
  /** Bits of the given address beyond the prefix were set: `192.0.2.1/24`. */
  readonly hostBits: boolean;
}

/** The address, or undefined when `text` is none of one host or every one. */
export function parseAddress(text: string): Address | undefined {
  const address = read(text);
  // Servers do not agree on the text of ::203.0.113.10, and nobody has had such an address for years.
  if (address === undefined || unusableRange(address) !== undefined || ipv4Within(text) !== undefined) return undefined;
  return { text: canonical(address), family: family(address) };
}

/** What kind of address `text` is, when it is one that no server listens on or is reached at. */
export function unusable(text: string): "group" | "link-local" | undefined {
  const address = read(text);
  return address === undefined ? undefined : unusableRange(address);
}

function unusableRange(address: IpAddress): "group" | "link-local" | undefined {
  const range = address.range();
  if (range === "multicast" || range === "broadcast") return "group";
  // It means nothing without an interface, and the kernel refuses to bind it.
  return range === "linkLocal" && family(address) === 6 ? "link-local" : undefined;
}

/** The IPv4 address in `::ffff:203.0.113.10` or `::203.0.113.10`, however it is written. */
export function ipv4Within(text: string): string | undefined {
  if (!isPlain(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const { parts } = ipaddr.IPv6.parse(text);
  const [before, marker = 0, high = 0, low = 0] = [parts.slice(0, 5), ...parts.slice(5)];
  if (before.some((part) => part !== 0) || !(marker === 0xffff || (marker === 0 && (high > 0 || low > 1)))) return undefined;
  return ipaddr.fromByteArray([high >> 8, high & 0xff, low >> 8, low & 0xff]).toString();
}

/** The network of `text` in CIDR notation or as one address, with its base address, or undefined when it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const [base = "", length, ...rest] = text.split("/");
  const address = read(base);
  if (address === undefined || rest.length > 0) return undefined;
  const bits = family(address) === 4 ? 32 : 128;
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  const masked = address.toByteArray().map((byte, index) => byte & (0xff << Math.max(0, 8 - Math.max(0, prefix - 8 * index))));
  const network = ipaddr.fromByteArray(masked);
  const textOf = canonical(network);
  return { text: textOf, family: family(address), prefix, hostBits: textOf !== canonical(address) };
}

/** CIDR notation, with the prefix length of a single address too. */
export function toCidr(network: Network): string {
  return `${network.text}/${network.prefix}`;
}

/** CIDR notation; a single address stands without its prefix length. */
export function toAddressOrCidr(network: Network): string {
  return network.prefix === (network.family === 4 ? 32 : 128) ? network.text : toCidr(network);
}

/** Whether the network is wider than any of one owner (10.0.0.0/8 and fc00::/7 are the widest), so that clients are in it. */
export function trustsEveryone({ prefix, family }: Network): boolean {
  return prefix < (family === 4 ? 8 : 7);
}

/** Whether the network is the address of all hosts at once. Not every server takes it, and no client comes from there. */
export function isBroadcast(network: Network): boolean {
  return network.prefix === 32 && network.text === "255.255.255.255";
}

/** Whether the IPv6 network, in CIDR notation, holds ::ffff:0:0/96, which stands for IPv4. */
export function holdsIpv4(cidr: string): boolean {
  const [base, prefix] = ipaddr.IPv6.parseCIDR(cidr);
  return prefix <= 96 && ipaddr.IPv6.parse("::ffff:0:0").match(base, prefix);
}

/** Whether the address reaches only the host itself. */
export function isLoopback(address: Address): boolean {
  return ipaddr.parse(address.text).range() === "loopback";
}

/** Whether the address is every address of its family. */
export function isWildcard(address: Address): boolean {
  return address.text === "0.0.0.0" || address.text === "::";
}

/** Ranges, as ipaddr.js calls them, that the internet does not route. */
const notPublic: ReadonlySet<string> = new Set(["carrierGradeNat", "linkLocal", "loopback", "private", "uniqueLocal"]);

/** Whether the address can be reached from the internet; a wildcard can. */
export function isPublic(address: Address): boolean {
  return isWildcard(address) || !notPublic.has(ipaddr.parse(address.text).range());
}

/** Whether one socket on each of the two addresses, with the same port, would stand in the other's way. */
export function overlap(left: Address, right: Address): boolean {
  return left.family === right.family && (left.text === right.text || isWildcard(left) || isWildcard(right));
}

/** The address as it stands before a port or in a URL. */
export function bracketed(address: { readonly address: string; readonly family: 4 | 6 }): string {
  return address.family === 6 ? `[${address.address}]` : address.address;
}

type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** The longest an address can be written, `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const maxAddressLength = 45;

function read(text: string): IpAddress | undefined {
  if (!isPlain(text)) return undefined;
  // ipaddr.js also takes the shorthands of inet_aton (`127.1`, `0x7f.1`) and zones; the servers do not agree on those.
  if (!text.includes(":")) return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? undefined : address;
}

/** ipaddr.js finds out by an exception, which costs a thousand times what this does. */
function isPlain(text: string): boolean {
  return text.length <= maxAddressLength && /^[0-9a-f:.]+$/i.test(text);
}

function family(address: IpAddress): 4 | 6 {
  return address.kind() === "ipv4" ? 4 : 6;
}

function canonical(address: IpAddress): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
