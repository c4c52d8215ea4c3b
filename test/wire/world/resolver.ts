/** A DNS server whose answers a test changes, in place of Docker's: it knows IPv4 addresses, for as long as Docker's may be kept. */
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import type { Listener } from "../../../src/core/site/site.ts";

export interface Resolver {
  /** The name's address from now on; without one the name is unknown. */
  point(name: string, address?: string): void;
  stop(): Promise<void>;
}

/** Seconds for which Docker lets its answers be kept. A server that did so would not follow a container. */
const timeToLive = 600;

/** Starts it at an address of the loopback interface, and makes it the machine's own, which Apache asks. */
export async function startResolver(at: Listener): Promise<Resolver> {
  const addresses = new Map<string, string>();
  const socket = createSocket(at.family === 4 ? "udp4" : "udp6");
  socket.on("message", (query, from) => socket.send(answer(query, addresses), from.port, from.address));
  await new Promise<void>((done) => socket.bind(53, at.address, done));
  writeFileSync("/etc/resolv.conf", `nameserver ${at.address}\noptions ndots:0\n`);
  return {
    point: (name, address) => void (address === undefined ? addresses.delete(name) : addresses.set(name, address)),
    stop: () => new Promise((done) => socket.close(() => done())),
  };
}

/** The answer to a query with one question (RFC 1035, section 4). */
function answer(query: Buffer, addresses: ReadonlyMap<string, string>): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at++] ?? 0; length > 0; length = query[at++] ?? 0) {
    labels.push(query.toString("latin1", at, at + length));
    at += length;
  }
  const type = query.readUInt16BE(at);
  const address = addresses.get(labels.join(".").toLowerCase());
  const has = address !== undefined && type === 1;
  const header = Buffer.from(query.subarray(0, 12));
  // An answer with recursion: without an error, or that there is no such name.
  header.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
  [1, has ? 1 : 0, 0, 0].forEach((count, index) => header.writeUInt16BE(count, 4 + 2 * index));
  const question = query.subarray(12, at + 4);
  if (!has) return Buffer.concat([header, question]);
  const record = Buffer.alloc(12);
  // The name of the question, an IPv4 address, the internet, the time to live, four bytes.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(1, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(timeToLive, 6);
  record.writeUInt16BE(4, 10);
  return Buffer.concat([header, question, record, Buffer.from(address.split(".").map(Number))]);
}
