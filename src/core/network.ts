/** Parses IP addresses and networks with ipaddr.js and writes each in one spelling. */
import ipaddr from "ipaddr.js";

export interface Address {
  /** Canonical text without brackets or zone. IPv4 addresses in IPv6 form are refused. */
  readonly text: string;
  readonly family: 4 | 6;
}

export interface Network extends Address {
  /** 0 to 32 or 128. */
  readonly prefix: number;
  /** Whether the given address had bits set beyond the prefix: `192.0.2.1/24`. */
  readonly hostBits: boolean;
}

/** The address of one host, or the wildcard address; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const address = read(text);
  // Servers write ::203.0.113.10 in different ways, and such addresses are long out of use.
  if (address === undefined || unusableRange(address) !== undefined || ipv4Within(text) !== undefined) return undefined;
  return { text: canonical(address), family: family(address) };
}

/** The address in a description whose shape has been checked. @throws if it is none */
export function describedAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`the schema let an address pass: ${text}`);
  return address;
}

/** The kind of an address that no server can listen on or be reached at. */
export function unusable(text: string): "group" | "link-local" | undefined {
  const address = read(text);
  return address === undefined ? undefined : unusableRange(address);
}

function unusableRange(address: IpAddress): "group" | "link-local" | undefined {
  const range = address.range();
  if (range === "multicast" || range === "broadcast") return "group";
  // It needs an interface; without one, the kernel refuses to bind it.
  return range === "linkLocal" && family(address) === 6 ? "link-local" : undefined;
}

/** The IPv4 address in `::ffff:203.0.113.10` or `::203.0.113.10`, in any spelling. */
export function ipv4Within(text: string): string | undefined {
  if (!isPlain(text) || !ipaddr.IPv6.isValid(text)) return undefined;
  const { parts } = ipaddr.IPv6.parse(text);
  const [before, marker = 0, high = 0, low = 0] = [parts.slice(0, 5), ...parts.slice(5)];
  if (before.some((part) => part !== 0) || !(marker === 0xffff || (marker === 0 && (high > 0 || low > 1)))) return undefined;
  return ipaddr.fromByteArray([high >> 8, high & 0xff, low >> 8, low & 0xff]).toString();
}

/** The network in CIDR notation, or of a single address, with its base address; undefined for anything else. */
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

/** The word for the addresses of both families, where clients are listed. */
export const everyone = "all";

/** All addresses, in CIDR notation. */
export const allNetworks: readonly string[] = ["0.0.0.0/0", "::/0"];

/** The family and the prefix of a network in CIDR notation, as `4` or `6` and bits. Networks inside it begin with the same text. */
export function bitsOf(cidr: string): string {
  const [address, length] = ipaddr.parseCIDR(cidr);
  const bits = address.toByteArray().map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return `${family(address)}${bits.slice(0, length)}`;
}

/** CIDR notation, with a prefix length also for a single address. */
export function toCidr(network: Network): string {
  return `${network.text}/${network.prefix}`;
}

/** Whether it is a single address. */
export function isHost({ prefix, family }: Network): boolean {
  return prefix === (family === 4 ? 32 : 128);
}

/** CIDR notation, but without a prefix length for a single address. */
export function toAddressOrCidr(network: Network): string {
  return isHost(network) ? network.text : toCidr(network);
}

/** Whether the network is so wide that it includes clients. 10.0.0.0/8 and fc00::/7 are the widest with a single owner. */
export function trustsEveryone({ prefix, family }: Network): boolean {
  return prefix < (family === 4 ? 8 : 7);
}

/** Whether the network is the broadcast address. Not every server accepts it, and no client has it. */
export function isBroadcast(network: Network): boolean {
  return network.prefix === 32 && network.text === "255.255.255.255";
}

/** Whether the IPv6 network, in CIDR notation, contains ::ffff:0:0/96, which represents IPv4. */
export function holdsIpv4(cidr: string): boolean {
  const [base, prefix] = ipaddr.IPv6.parseCIDR(cidr);
  return prefix <= 96 && ipaddr.IPv6.parse("::ffff:0:0").match(base, prefix);
}

/** Whether the address is a loopback address. */
export function isLoopback(address: Address): boolean {
  return ipaddr.parse(address.text).range() === "loopback";
}

/** The networks from which Docker takes its bridges by default, and mailcow its own. */
const dockers = ipaddr.IPv4.parseCIDR("172.16.0.0/12");

/** Whether the address is in one of Docker's networks on this host. */
export function isDockers(address: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(address) && ipaddr.IPv4.parse(address).match(dockers);
}

/** Whether the address means every address of its family. */
export function isWildcard(address: Address): boolean {
  return address.text === "0.0.0.0" || address.text === "::";
}

/** Ranges that the internet does not route, by their names in ipaddr.js. */
const notPublic: ReadonlySet<string> = new Set(["carrierGradeNat", "linkLocal", "loopback", "private", "uniqueLocal"]);

/** Whether the address, or the wildcard, can be reached from the internet. */
export function isPublic(address: Address): boolean {
  return isWildcard(address) || !notPublic.has(ipaddr.parse(address.text).range());
}

/** Whether sockets on these two addresses with the same port would conflict. */
export function overlap(left: Address, right: Address): boolean {
  return left.family === right.family && (left.text === right.text || isWildcard(left) || isWildcard(right));
}

/** The address, or a name without a family, as it is written before a port or in a URL. */
export function bracketed(address: { readonly address: string; readonly family: 4 | 6 | undefined }): string {
  return address.family === 6 ? `[${address.address}]` : address.address;
}

type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/** The length of the longest address, `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const maxAddressLength = 45;

function read(text: string): IpAddress | undefined {
  if (!isPlain(text)) return undefined;
  // ipaddr.js also accepts the short forms of inet_aton (`127.1`, `0x7f.1`) and zones, but servers read them differently.
  if (!text.includes(":")) return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? undefined : address;
}

/** A quick check: ipaddr.js throws for other text, which takes a thousand times as long. */
function isPlain(text: string): boolean {
  return text.length <= maxAddressLength && /^[0-9a-f:.]+$/i.test(text);
}

function family(address: IpAddress): 4 | 6 {
  return address.kind() === "ipv4" ? 4 : 6;
}

function canonical(address: IpAddress): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}
