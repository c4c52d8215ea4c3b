/** PROXY protocol headers from a trusted proxy: which addresses are read, and what is cut off. */
import { expect } from "vitest";
import type { ServerId } from "../../../src/core/site/servers.ts";
import { exchange } from "../world/client.ts";
import { isMachines } from "../world/description.ts";
import { addressBytes, canonical, encodeBytes, encodeVersion1, encodeVersion2 } from "../world/proxy-protocol.ts";
import { values } from "../world/reply.ts";
import { administrator, outer, outerTo6to4, stranger } from "../world/variants.ts";
import { ensureAddress, type World } from "../world/world.ts";
import { type Check, differences, ofServer } from "./check.ts";

const accepts: Check["when"] = ({ site }) => site.proxy.proxyProtocol.accept;
const destination = { v4: "192.0.2.10", v6: "2001:db8::10" } as const;
const ports = { sourcePort: 50_000, destinationPort: 443 } as const;

/** A header of version 1 with these words. */
const line = (words: string) => Buffer.from(`PROXY ${words}\r\n`, "latin1");
const ipv4 = (source: string) => line(`TCP4 ${source} ${destination.v4} 50000 443`);
const ipv6 = (source: string) => line(`TCP6 ${source} ${destination.v6} 50000 443`);

/** Addresses and ports as version 2 has them. */
const binary = (source: Buffer, to: string) => Buffer.concat([source, addressBytes(to), Buffer.from([0xc3, 0x50, 0x01, 0xbb])]);
const binary4 = (source: string) => encodeBytes("PROXY", 0x11, binary(addressBytes(source), destination.v4));
const binary6 = (source: string) => encodeBytes("PROXY", 0x21, binary(Buffer.from(source, "hex"), destination.v6));

/** What mailcow takes for the client, as the proxy writes it in every header, or undefined when it got nothing. */
async function client(world: World, from: string, prefix: Buffer): Promise<string | undefined> {
  const mark = world.mark();
  await exchange({ ...world.route({ client: from }), from, prefix }, `GET /?${mark} HTTP/1.1\r\nHost: ${world.publicHost()}\r\n\r\n`).catch(() => undefined);
  const [seen] = world.mailcow.soFar(mark);
  if (seen === undefined) return undefined;
  const written = new Set([...values(seen, "x-forwarded-for"), ...values(seen, "x-real-ip")]);
  // mailcow's nginx writes an address in its own way.
  const others = [...written].every((address) => canonical(address) === seen.client) ? [] : [seen.client];
  return [...others, ...written].join(" and ");
}

/** Each header, and the client that every server takes it for. */
const headers: readonly (readonly [name: string, header: Buffer, address: string])[] = [
  ...["::ffff:203.0.113.66", "::FFFF:203.0.113.66"].map((address) => [address, ipv6(address), stranger.v4] as const),
  ["mapped, version 2", binary6("00000000000000000000ffffcb007142"), stranger.v4],
  ...["2002:cb00:7142::5", "::203.0.113.66", "64:ff9b::1", "::1", "::", "2001:db8::66"].map((address) => [address, ipv6(address), address] as const),
  ["6to4, version 2", binary6("2002cb00714200000000000000000005"), "2002:cb00:7142::5"],
  ["IPv4-compatible, version 2", binary6("000000000000000000000000cb007142"), "::203.0.113.66"],
  ["::1, version 2", binary6("00000000000000000000000000000001"), "::1"],
  // What the proxy asks for itself, health checks for example.
  ["LOCAL", encodeBytes("LOCAL", 0, Buffer.alloc(0)), outer.v4],
  ["further bytes", encodeBytes("PROXY", 0x11, Buffer.concat([binary(addressBytes(stranger.v4), destination.v4), Buffer.from([4, 0, 2, 0, 0])])), stranger.v4],
];

/** Headers that no server takes. */
const refused: readonly (readonly [name: string, header: Buffer])[] = [
  ...["localhost", "x", "0xcb.0.113.66", "203.0.113.0x42"].map((address) => [address, ipv4(address)] as const),
  ["[2001:db8::66]", ipv6("[2001:db8::66]")],
  ...["", "TCP4", `TCP4 ${stranger.v4}`, `TCP4 ${stranger.v4} ${destination.v4}`, `UDP4 ${stranger.v4} ${destination.v4} 1 1`].map((words) => [words, line(words)] as const),
  ["line feed only", Buffer.from(`PROXY TCP4 ${stranger.v4} ${destination.v4} 50000 443\n`, "latin1")],
  ["addresses that are cut short", encodeBytes("PROXY", 0x11, Buffer.alloc(8))],
];

/** A header of so many bytes, most of them in a field that nobody knows. */
function long(bytes: number): Buffer {
  const length = bytes - 31;
  return encodeBytes("PROXY", 0x11, Buffer.concat([binary(addressBytes(stranger.v4), destination.v4), Buffer.from([0xe0, length >> 8, length & 0xff]), Buffer.alloc(length)]));
}

const local = encodeBytes("LOCAL", 0x11, binary(addressBytes(stranger.v4), destination.v4));

/** Where the servers differ, see Known limits in docs/contract.md; undefined is a connection that is cut off. */
const limits: readonly (readonly [name: string, header: Buffer, addresses: Readonly<Partial<Record<ServerId, string | undefined>>>])[] = [
  ["2001:db8::66%lo", ipv6("2001:db8::66%lo"), { nginx: undefined, apache: undefined, haproxy: undefined, caddy: undefined, traefik: stranger.v6 }],
  ["UNKNOWN", line("UNKNOWN"), { nginx: outer.v4, apache: undefined, haproxy: outer.v4, caddy: outer.v4, traefik: outer.v4 }],
  ["UNKNOWN with addresses", line(`UNKNOWN ${stranger.v4} ${destination.v4} 50000 443`), { nginx: outer.v4, apache: outer.v4, haproxy: undefined, caddy: outer.v4, traefik: outer.v4 }],
  ["LOCAL with addresses", local, { nginx: outer.v4, apache: outer.v4, haproxy: isMachines ? outer.v4 : undefined, caddy: outer.v4, traefik: outer.v4 }],
  ["of no family", encodeBytes("PROXY", 0, Buffer.alloc(0)), { nginx: outer.v4, apache: undefined, haproxy: undefined, caddy: undefined, traefik: undefined }],
  ["IPv6 that calls itself TCP4", ipv4(stranger.v6), { nginx: stranger.v6, apache: undefined, haproxy: undefined, caddy: undefined, traefik: undefined }],
  ["203.0.113.066", ipv4("203.0.113.066"), { nginx: stranger.v4, apache: undefined, haproxy: stranger.v4, caddy: undefined, traefik: undefined }],
  ["3405803842", ipv4("3405803842"), { nginx: outer.v4, apache: undefined, haproxy: "74.0.0.0", caddy: undefined, traefik: undefined }],
  ["203.77", ipv4("203.77"), { nginx: outer.v4, apache: undefined, haproxy: "203.77.0.0", caddy: undefined, traefik: undefined }],
  ["2001:DB8:0:0:0:0:0:66", ipv6("2001:DB8:0:0:0:0:0:66"), { nginx: stranger.v6, apache: "2001:DB8:0:0:0:0:0:66", haproxy: stranger.v6, caddy: stranger.v6, traefik: stranger.v6 }],
  ["::ffff:cb00:7142", ipv6("::ffff:cb00:7142"), { nginx: stranger.v4, apache: "::ffff:cb00:7142", haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
  ["108 bytes", long(108), { nginx: stranger.v4, apache: stranger.v4, haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
  ["228 bytes", long(228), { nginx: isMachines ? undefined : stranger.v4, apache: stranger.v4, haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
  ["1000 bytes", long(1000), { nginx: isMachines ? undefined : stranger.v4, apache: undefined, haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
  ["5000 bytes", long(5000), { nginx: undefined, apache: undefined, haproxy: isMachines ? stranger.v4 : undefined, caddy: undefined, traefik: undefined }],
  ["255.255.255.255", binary4("255.255.255.255"), { nginx: outer.v4, apache: "255.255.255.255", haproxy: "255.255.255.255", caddy: "255.255.255.255", traefik: "255.255.255.255" }],
];

export const proxyHeaders: readonly Check[] = [
  {
    name: "PROXY protocol: IPv6 stays IPv6, and IPv4 in IPv6 form is IPv4",
    when: accepts,
    async run(world) {
      for (const [name, header, address] of headers) expect({ name, client: canonical((await client(world, outer.v4, header)) ?? "") }).toEqual({ name, client: canonical(address) });
    },
  },
  {
    name: "PROXY protocol: IPv6 that has an IPv4 address in it is neither let in nor believed as that",
    when: accepts,
    async run(world) {
      const status = async (source: string, encode: typeof encodeVersion1) => {
        const route = { ...world.route(), from: outer.v4, prefix: encode({ source, destination: destination.v6, ...ports }) };
        return (await exchange(route, `GET /rspamd/ HTTP/1.1\r\nHost: ${world.publicHost()}\r\n\r\n`)).status;
      };
      for (const encode of [encodeVersion1, encodeVersion2]) {
        expect(await status(administrator.v6, encode)).toBe(200);
        for (const source of ["2002:cb00:714d::5", "::cb00:714d", "64:ff9b::cb00:714d"]) expect({ source, status: await status(source, encode) }).toEqual({ source, status: 403 });
        ensureAddress({ address: outerTo6to4, family: 6 });
        expect([undefined, outerTo6to4]).toContain(await client(world, outerTo6to4, encode({ source: administrator.v6, destination: destination.v6, ...ports })));
      }
    },
  },
  {
    name: "PROXY protocol: what is no header is cut off",
    when: accepts,
    async run(world) {
      for (const [name, header] of refused) expect({ name, client: await client(world, outer.v4, header) }).toEqual({ name, client: undefined });
      expect(await client(world, outer.v4, ipv4(stranger.v4))).toBe(stranger.v4);
    },
  },
  {
    name: "PROXY protocol: documented limits, what the servers read differently",
    when: accepts,
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const [name, header] of limits) found[name] = await client(world, outer.v4, header);
      expect(differences(found, Object.fromEntries(limits.map(([name, , addresses]) => [name, ofServer(addresses)])))).toEqual([]);
    },
  },
];
