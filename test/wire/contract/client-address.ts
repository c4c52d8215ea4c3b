/** mailcow sees the connecting peer's address, whatever headers it sends; only trusted proxies are believed. */
import { isIP } from "node:net";
import { expect } from "vitest";
import { exchange } from "../world/client.ts";
import { type Ask, lines } from "../world/clients.ts";
import { encodeVersion1, encodeVersion2 } from "../world/proxy-protocol.ts";
import { values } from "../world/reply.ts";
import { client, outer, outermost, privateClients, stranger, untrusted } from "../world/variants.ts";
import type { World } from "../world/world.ts";
import { type Check, endsTls } from "./check.ts";
import { forgeries } from "./forgeries.ts";

/** Asks and expects mailcow to see exactly this address, in every header that has one. */
async function expectClient(world: World, ask: Ask, address: string): Promise<void> {
  const { seen } = await world.reach({ target: "/client", ...ask });
  expect({ client: seen.client, forwarded: values(seen, "x-forwarded-for"), real: values(seen, "x-real-ip") }).toEqual({
    client: address, forwarded: [address], real: [address],
  });
}

/** Asks straight from an address, past the way of the variant. */
async function straight(world: World, from: string, headers: Ask["headers"] = [], prefix?: Buffer) {
  const mark = world.mark();
  const route = { ...world.route(), from, prefix };
  const text = `GET /straight?${mark} HTTP/1.1\r\nHost: ${world.publicHost()}\r\n${lines([...headers, ...world.schemeHeaders()])}\r\n`;
  const reply = await exchange(route, text).catch(() => undefined);
  return { reply, seen: world.mailcow.soFar(mark)[0] };
}

export const clientAddress: readonly Check[] = [
  {
    name: "IPv4 as IPv4, IPv6 as IPv6",
    async run(world) {
      for (const address of [client.v4, client.v6, stranger.v4, stranger.v6]) await expectClient(world, { client: address }, address);
    },
  },
  {
    name: "over HTTP/2 too",
    async run(world) {
      for (const address of [client.v4, client.v6]) {
        const mark = world.mark();
        await world.http2({ client: address }, async (request, authority) => {
          expect((await request({ ":path": `/${mark}`, ":authority": authority, "x-real-ip": "198.51.100.250", forwarded: "for=198.51.100.250" })).status).toBe(200);
        });
        const [seen] = world.mailcow.soFar(mark);
        expect(seen?.client).toBe(address);
        expect(seen === undefined ? [] : [...values(seen, "x-forwarded-for"), ...values(seen, "x-real-ip")]).toEqual([address, address]);
      }
    },
  },
  {
    name: "private networks are no exception",
    async run(world) {
      for (const address of privateClients) await expectClient(world, { client: address }, address);
    },
  },
  {
    name: "nor is what they say of themselves",
    async run(world) {
      for (const address of privateClients) await expectClient(world, { client: address, headers: [["X-Forwarded-For", "198.51.100.250"], ["X-Real-IP", "198.51.100.250"]] }, address);
    },
  },
  ...forgeries.flatMap(({ name, headers }): Check[] => [
    {
      name: `forged headers: ${name}`,
      async run(world) {
        for (const address of [client.v4, client.v6]) await expectClient(world, { client: address, headers }, address);
      },
    },
    { name: `forged headers from a private network: ${name}`, run: (world) => expectClient(world, { client: privateClients[0], headers }, privateClients[0]) },
  ]),
  {
    name: "forged headers on plain http",
    // A hosting panel answers the challenge itself.
    when: ({ variant }) => variant.panel !== "nginx",
    async run(world) {
      for (const forgery of forgeries) {
        const token = world.mark();
        const reply = await world.ask({ scheme: "http", target: `/.well-known/acme-challenge/${token}`, headers: forgery.headers });
        const [seen] = world.mailcow.soFar(token);
        expect({ forgery: forgery.name, status: reply.status, client: seen?.client }).toEqual({ forgery: forgery.name, status: 200, client: client.v4 });
      }
    },
  },
  {
    name: "a space before the colon hides nothing",
    async run(world) {
      const mark = world.mark();
      await world.ask({ target: `/${mark}`, headers: [["X-Forwarded-For ", "198.51.100.250"], ["X-Real-IP\t", "198.51.100.250"]] }).catch(() => undefined);
      for (const seen of world.mailcow.soFar(mark)) expect([seen.client, ...values(seen, "x-forwarded-for")]).toEqual([client.v4, client.v4]);
      // The server still serves others.
      await expectClient(world, {}, client.v4);
    },
  },
  {
    name: "PROXY protocol from a client that is nobody's proxy is not believed",
    when: ({ variant }) => variant.arrival !== "proxy-protocol",
    async run(world) {
      const origin = { source: "198.51.100.250", sourcePort: 1, destination: world.variant.address.v4, destinationPort: 443 };
      for (const prefix of [encodeVersion1(origin), encodeVersion2(origin)]) {
        const { seen } = await straight(world, client.v4, [], prefix);
        expect(seen).toBeUndefined();
      }
      await expectClient(world, {}, client.v4);
    },
  },
  {
    name: "a trusted proxy is believed, an untrusted one is not",
    when: ({ site }) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      const said = [["X-Forwarded-For", client.v4]] as const;
      expect((await straight(world, outer.v4, said)).seen?.client).toBe(client.v4);
      // This network may be kept out by an access rule; it must not come in as somebody else.
      const other = await straight(world, untrusted.v4, said);
      expect([untrusted.v4, undefined]).toContain(other.seen?.client);
      for (const peer of [stranger.v4, privateClients[0]]) {
        // Where TLS ends before the proxy, nobody else is served at all.
        expect((await straight(world, peer, said)).seen?.client).toBe(endsTls(world) ? peer : undefined);
      }
    },
  },
  {
    name: "behind a trusted proxy, mailcow gets the client's address and no list",
    when: ({ site }) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      const { seen } = await straight(world, outer.v4, [["X-Forwarded-For", client.v4]]);
      const sent = (name: string) => seen?.raw.filter(([header]) => header.toLowerCase() === name).map(([, content]) => content);
      expect({ forwarded: sent("x-forwarded-for"), real: sent("x-real-ip") }).toEqual({ forwarded: [client.v4], real: [client.v4] });
    },
  },
  {
    name: "the list is walked from the right, past trusted proxies alone",
    when: ({ site }) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      const lists: readonly (readonly [sent: readonly string[], address: string])[] = [
        [["198.51.100.250", client.v4], client.v4],
        [[`198.51.100.250, ${client.v4}`], client.v4],
        [[`198.51.100.250,${client.v4}`], client.v4],
        [[`198.51.100.250 , ${client.v4} , ${outermost.v4}`], client.v4],
        [["198.51.100.250", `${client.v4}, ${outermost.v4}`], client.v4],
        [[`198.51.100.250, ${client.v4}`, outermost.v4], client.v4],
        [[`${outermost.v4}, ${client.v4}`], client.v4],
        [[`10.0.0.1, ${stranger.v4}, ${outermost.v4}, ${outermost.v4}`], stranger.v4],
        [[`10.9.8.7`], "10.9.8.7"],
        [[`198.51.100.250, ${client.v6}`], client.v6],
        [[client.v6], client.v6],
      ];
      for (const [sent, address] of lists) {
        const { seen } = await straight(world, outer.v4, sent.map((item) => ["X-Forwarded-For", item] as const));
        expect({ sent, client: seen?.client, forwarded: seen === undefined ? [] : values(seen, "x-forwarded-for") }).toEqual({ sent, client: address, forwarded: [address] });
      }
    },
  },
  {
    name: "what a trusted proxy passes on that is no address does not become one",
    when: ({ site }) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      for (const sent of ["unknown", "", "999.1.1.1", "_x", "<script>", "198.51.100.250 198.51.100.251", "a, b", ",", "::ffff:1.2.3.4.5"]) {
        const { seen } = await straight(world, outer.v4, [["X-Forwarded-For", sent]]);
        if (seen === undefined) continue;
        const forwarded = values(seen, "x-forwarded-for");
        expect({ sent, forwarded, valid: isIP(forwarded[0] ?? "") !== 0 }).toEqual({ sent, forwarded: [seen.client], valid: true });
      }
      expect((await straight(world, outer.v4, [["X-Forwarded-For", client.v4]])).seen?.client).toBe(client.v4);
    },
  },
  {
    name: "a trusted proxy sets the address and nothing else",
    when: ({ site }) => endsTls({ site }) && site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      const { seen } = await straight(world, outer.v4, [
        ["X-Forwarded-For", client.v4], ["X-Forwarded-Proto", "http"], ["X-Forwarded-Host", "evil.example.net"], ["X-Forwarded-Port", "1"], ["X-Real-IP", "198.51.100.250"],
      ]);
      const sent = (name: string) => (seen === undefined ? [] : values(seen, name));
      expect([sent("x-forwarded-proto"), sent("x-forwarded-host"), sent("x-forwarded-port"), sent("x-real-ip")]).toEqual([
        ["https"], [world.publicHost()], [String(world.site.proxy.publicHttpsPort)], [client.v4],
      ]);
    },
  },
  {
    name: "PROXY protocol versions 1 and 2 are read, for both families, and X-Forwarded-For is not",
    when: ({ site }) => site.proxy.proxyProtocol.accept,
    async run(world) {
      const families = [{ source: client.v4, destination: world.variant.address.v4 }, { source: client.v6, destination: world.variant.address.v6 }];
      for (const encode of [encodeVersion1, encodeVersion2]) {
        for (const family of families) {
          const prefix = encode({ ...family, sourcePort: 50_000, destinationPort: world.site.proxy.httpsPort });
          for (const headers of [[], [["X-Forwarded-For", "198.51.100.250"]]] as const) {
            const { seen } = await straight(world, outer.v4, headers, prefix);
            expect({ version: encode.name, client: seen?.client, sent: seen === undefined ? [] : values(seen, "x-forwarded-for") }).toEqual({
              version: encode.name, client: family.source, sent: [family.source],
            });
          }
        }
      }
    },
  },
  {
    name: "PROXY protocol from a peer that is not trusted is not believed",
    when: ({ site }) => site.proxy.proxyProtocol.accept,
    async run(world) {
      for (const encode of [encodeVersion1, encodeVersion2]) {
        for (const peer of [untrusted.v4, stranger.v4, privateClients[0]]) {
          const prefix = encode({ source: client.v4, sourcePort: 1, destination: world.variant.address.v4, destinationPort: world.site.proxy.httpsPort });
          const { seen } = await straight(world, peer, [], prefix);
          expect([undefined, peer], `${encode.name} from ${peer}`).toContain(seen?.client);
          const without = await straight(world, peer, [["X-Forwarded-For", client.v4]]);
          expect([undefined, peer], `without a header from ${peer}`).toContain(without.seen?.client);
        }
      }
      await expectClient(world, {}, client.v4);
    },
  },
];
