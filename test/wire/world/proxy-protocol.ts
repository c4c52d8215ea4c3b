/** PROXY protocol, versions 1 and 2. https://www.haproxy.org/download/2.8/doc/proxy-protocol.txt */
import { isIPv6 } from "node:net";

/** Where a connection comes from and goes to. */
export interface Origin {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

const signature = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

export function encodeVersion1({ source, sourcePort, destination, destinationPort }: Origin): Buffer {
  return Buffer.from(`PROXY ${isIPv6(source) ? "TCP6" : "TCP4"} ${source} ${destination} ${sourcePort} ${destinationPort}\r\n`, "latin1");
}

export function encodeVersion2({ source, sourcePort, destination, destinationPort }: Origin): Buffer {
  const v6 = isIPv6(source);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(sourcePort, 0);
  ports.writeUInt16BE(destinationPort, 2);
  const body = Buffer.concat([addressBytes(source), addressBytes(destination), ports]);
  return encodeBytes("PROXY", v6 ? 0x21 : 0x11, body);
}

/** Version 2 with any bytes behind its head. `family` is 0x11 for IPv4 and 0x21 for IPv6, over TCP. */
export function encodeBytes(command: "LOCAL" | "PROXY", family: number, body: Buffer): Buffer {
  // The version and the command; the family; the length of the rest.
  return Buffer.concat([signature, Buffer.from([command === "PROXY" ? 0x21 : 0x20, family, body.length >> 8, body.length & 0xff]), body]);
}

/**
 * Reads the header at the beginning of a connection.
 *
 * @returns the header's length and the client's address (undefined for the proxy's own connections, LOCAL), "more" when
 * it is not all there yet, or undefined when there is none
 */
export function decode(bytes: Buffer): { readonly length: number; readonly source: string | undefined } | "more" | undefined {
  const compared = Math.min(bytes.length, signature.length);
  if (bytes.subarray(0, compared).equals(signature.subarray(0, compared))) return decodeVersion2(bytes);
  const start = Buffer.from("PROXY ").subarray(0, bytes.length);
  if (!bytes.subarray(0, start.length).equals(start)) return undefined;
  const end = bytes.indexOf("\r\n");
  if (end < 0) return bytes.length < 108 ? "more" : undefined;
  const [, family, source] = bytes.subarray(0, end).toString("latin1").split(" ");
  return { length: end + 2, source: family === "UNKNOWN" ? undefined : source };
}

function decodeVersion2(bytes: Buffer): ReturnType<typeof decode> {
  if (bytes.length < 16) return "more";
  const length = 16 + bytes.readUInt16BE(14);
  if (bytes.length < length) return "more";
  const [command, family] = [bytes.readUInt8(12) & 0x0f, bytes.readUInt8(13) >> 4];
  if (command === 0) return { length, source: undefined };
  if (family === 1) return { length, source: [...bytes.subarray(16, 20)].join(".") };
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(16 + 2 * index).toString(16));
  return { length, source: canonical(groups.join(":")) };
}

/** The short form of an IPv6 address, as a log would show it. */
export function canonical(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail] = canonical(address).split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}
