/** What stands in X-Forwarded-For when it comes from a trusted proxy: which addresses are read, and what hides none. */
import { expect } from "vitest";
import type { ServerId } from "../../../src/core/site/servers.ts";
import type { Site } from "../../../src/core/site/site.ts";
import { exchange } from "../world/client.ts";
import { lines as headerLines } from "../world/clients.ts";
import { currentVersion, proxyId } from "../world/description.ts";
import { canonical } from "../world/proxy-protocol.ts";
import { values } from "../world/reply.ts";
import { administrator, outer, outermost, outerTo6to4, privateClients, stranger } from "../world/variants.ts";
import { ensureAddress, type World } from "../world/world.ts";
import { type Check, differences, ofServer } from "./check.ts";

/** Where trusted proxies are believed by this header, and every client reaches some paths. */
const believes = ({ site }: { readonly site: Site }) => site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept && !site.access.some(({ path }) => path === "/");

/** Asks as `from` with these lines of X-Forwarded-For. */
async function sent(world: World, from: string, lines: readonly string[], path = "/") {
  const mark = world.mark();
  const headers = [...lines.map((line) => ["X-Forwarded-For", line] as const), ...world.schemeHeaders()];
  const text = `GET ${path}?${mark} HTTP/1.1\r\nHost: ${world.publicHost()}\r\n${headerLines(headers)}\r\n`;
  const { status } = await exchange({ ...world.route({ client: from }), from }, text);
  const [seen] = world.mailcow.soFar(mark);
  return { status, client: seen === undefined ? undefined : [seen.client, ...[...values(seen, "x-forwarded-for"), ...values(seen, "x-real-ip")].map(compared)] };
}

/** Caddy and Traefik pass on an IPv6 address as the trusted proxy wrote it, which is a known limit. */
function compared(address: string): string {
  return proxyId === "caddy" || proxyId === "traefik" ? canonical(address) : address;
}

/** What mailcow gets of a request that it answers: the same address wherever it looks, which its nginx writes in one way. */
const passed = (address: string) => ({ status: 200, client: [canonical(address), compared(address), compared(address)] });
const refused = { status: 400, client: undefined };

/** What a client can have sent before its proxy added an entry: all that opens, closes, escapes or splits a list somewhere. */
const beginnings = [
  '"', '""', '"x', 'x"', '"x"', '"\\', '"\\"', '"\\""', '\\"', "\\", "'", "`", "(", "<", "[", "{", "[[", ";", ":", "=", 'for="', "%22", "%2c",
  "\u00ab", "\u00ff", "\u00e2\u0080\u009c", "\u00ef\u00bc\u0082", "x", "unknown", "_hidden", ".", "-", "\t", "x\t", "x y", "", ",", ",,", `${administrator.v4},`, administrator.v4, `"${administrator.v4}`, '"'.repeat(99),
];

/** HAProxy refuses every quote, and nginx a comma at the beginning that no space follows. */
function isRefused(lines: readonly string[]): boolean {
  return lines.some((line) => (proxyId === "haproxy" && line.includes('"')) || (proxyId === "nginx" && /^ *,[^, ]/.test(line)));
}

/** Each entry, and the client that every server takes it for. */
const entries: readonly (readonly [entry: string, address: string])[] = [
  [stranger.v4, stranger.v4], [`${stranger.v4}:50000`, stranger.v4], [`${administrator.v4}, ${stranger.v4}:50000`, stranger.v4],
  [`[${stranger.v6}]:50000`, stranger.v6], [`${administrator.v4}, [${stranger.v6}]:50000`, stranger.v6], ["2001:DB8:0:0:0:0:0:66", stranger.v6],
  // Only ::ffff:0:0/96 is IPv4.
  ["2002:cb00:7142::5", "2002:cb00:7142::5"], ["::203.0.113.66", "::203.0.113.66"], ["64:ff9b::cb00:7142", "64:ff9b::cb00:7142"], ["::ffff:0:cb00:7142", "::ffff:0:cb00:7142"], ["::1", "::1"], ["::", "::"],
  // A trusted proxy in that form is one, and in no other.
  [`${stranger.v4}, ::ffff:${outermost.v4}`, stranger.v4], [`${stranger.v4}, 2002:c633:6408::1`, "2002:c633:6408::1"], [`${stranger.v4}, ::${outermost.v4}`, `::${outermost.v4}`],
  [`${stranger.v4}, 64:ff9b::c633:6408`, "64:ff9b::c633:6408"],
  // What is no address is not read as one, and no name is looked up.
  ...["unknown", "localhost", `${stranger.v4}, localhost`, "203.77", "203.0.113", "3405803842", "0xcb.0.113.66", "203.0.113.0x42", "203.0.113.256", "203.0.113.66.", "1.203.0.113.66", "203.0.113.66/32", "fe80::1%lo", "[]:1", "1:2"]
    .map((entry) => [entry, outer.v4] as const),
];

/** IPv4 in IPv6 form. */
const mapped = ["::ffff:203.0.113.66", "::FFFF:203.0.113.66", "::ffff:cb00:7142", "0:0:0:0:0:ffff:203.0.113.66"];

/** Where the servers differ, see Known limits in docs/contract.md. */
const limits: readonly (readonly [entry: string, addresses: Readonly<Partial<Record<ServerId, string>>>])[] = [
  [`[${stranger.v6}]`, { nginx: currentVersion === undefined ? outer.v4 : stranger.v6, apache: stranger.v6, haproxy: stranger.v6, caddy: stranger.v6, traefik: outer.v4 }],
  ["203.0.113.066", { nginx: stranger.v4, apache: outer.v4, haproxy: stranger.v4, caddy: outer.v4, traefik: outer.v4 }],
  ["255.255.255.255", { nginx: outer.v4, apache: "255.255.255.255", haproxy: "255.255.255.255", caddy: "255.255.255.255", traefik: "255.255.255.255" }],
  [`${stranger.v4},`, { nginx: stranger.v4, apache: outer.v4, haproxy: outer.v4, caddy: outer.v4, traefik: outer.v4 }],
  [`${stranger.v4},,${outermost.v4}`, { nginx: stranger.v4, apache: outermost.v4, haproxy: outermost.v4, caddy: outermost.v4, traefik: outermost.v4 }],
  [`${stranger.v4} ${outermost.v4}`, { nginx: stranger.v4, apache: outer.v4, haproxy: outer.v4, caddy: outer.v4, traefik: outer.v4 }],
  [`${administrator.v4},\t${stranger.v4}`, { nginx: outer.v4, apache: outer.v4, haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
  [`${stranger.v4}:50000, ${outermost.v4}`, { nginx: stranger.v4, apache: outermost.v4, haproxy: stranger.v4, caddy: stranger.v4, traefik: stranger.v4 }],
];

export const forwardedFor: readonly Check[] = [
  {
    name: "whatever a client sends, it does not hide behind the proxy that adds its address",
    when: believes,
    async run(world) {
      const found: unknown[] = [];
      for (const beginning of beginnings) {
        for (const lines of [[`${beginning}, ${stranger.v4}`], [`${beginning},${stranger.v4}`], [beginning, stranger.v4], [beginning, beginning, `x, ${stranger.v4}`], [beginning, `,${stranger.v4}`], [beginning, `,${stranger.v4}, ${outermost.v4}`]]) {
          const wanted = isRefused(lines) ? refused : passed(stranger.v4);
          const got = await sent(world, outer.v4, lines);
          // The proxy itself would get in here.
          const { status } = await sent(world, outer.v4, lines, "/outer");
          const kept = isRefused(lines) ? 400 : world.variant.access ? 403 : 200;
          if (JSON.stringify(got) !== JSON.stringify(wanted) || status !== kept) found.push({ lines, got, status });
        }
      }
      expect(found).toEqual([]);
      expect((await sent(world, outer.v4, [], "/outer")).status).toBe(200);
    },
  },
  {
    name: "it does not hide on plain http or over HTTP/2 either",
    when: believes,
    async run(world) {
      // A hosting panel answers the challenge itself.
      for (const beginning of world.variant.panel === "nginx" ? [] : beginnings) {
        const line = `${beginning},${stranger.v4}`;
        const token = world.mark();
        const { status } = await world.ask({ scheme: "http", client: outer.v4, target: `/.well-known/acme-challenge/${token}`, headers: [["X-Forwarded-For", line]] });
        const client = world.mailcow.soFar(token)[0]?.client;
        expect({ line, status, client }).toEqual(isRefused([line]) ? { line, ...refused } : { line, status: 200, client: stranger.v4 });
      }
      await world.http2({ client: outer.v4 }, async (request, authority) => {
        for (const line of [`", ${stranger.v4}`, `"\\", ${stranger.v4}`, `,${stranger.v4}`, `x,${stranger.v4}`]) {
          const mark = world.mark();
          const { status } = await request({ ":path": `/${mark}`, ":authority": authority, "x-forwarded-for": line });
          const client = world.mailcow.soFar(mark)[0]?.client;
          expect({ line, status, client }).toEqual(isRefused([line]) ? { line, ...refused } : { line, status: 200, client: stranger.v4 });
        }
      });
    },
  },
  {
    name: "the same from a peer that is nobody's proxy is neither believed nor refused",
    when: ({ variant }) => variant.arrival === "direct",
    async run(world) {
      for (const beginning of beginnings) {
        for (const peer of [stranger.v4, privateClients[0]]) {
          const lines = [`${beginning},${administrator.v4}`, beginning];
          expect({ lines, ...await sent(world, peer, lines) }).toEqual({ lines, ...passed(peer) });
        }
      }
    },
  },
  {
    name: "an address is read in every usual form, and nothing else is",
    when: believes,
    async run(world) {
      for (const [entry, address] of entries) expect({ entry, ...await sent(world, outer.v4, [entry]) }).toEqual({ entry, ...passed(address) });
    },
  },
  {
    name: "an IPv4 address in IPv6 form is that IPv4 address",
    when: believes,
    async run(world) {
      for (const entry of mapped) expect({ entry, ...await sent(world, outer.v4, [entry]) }).toEqual({ entry, ...passed(stranger.v4) });
    },
  },
  {
    name: "IPv6 that has an IPv4 address in it is neither let in nor believed as that",
    when: ({ variant, site }) => variant.access && believes({ site }),
    async run(world) {
      const status = async (entry: string) => (await sent(world, outer.v4, [entry], "/rspamd/")).status;
      expect(await status(`::ffff:${administrator.v4}`)).toBe(200);
      for (const entry of ["2002:cb00:714d::5", `::${administrator.v4}`, "64:ff9b::cb00:714d", "::ffff:0:cb00:714d"]) expect({ entry, status: await status(entry) }).toEqual({ entry, status: 403 });
      ensureAddress({ address: outerTo6to4, family: 6 });
      expect(await sent(world, outerTo6to4, [administrator.v4])).toEqual(world.site.proxy.tlsBefore ? { status: 403, client: undefined } : passed(outerTo6to4));
    },
  },
  {
    name: "documented limits: what the servers read differently",
    when: believes,
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const [entry] of limits) found[entry] = await sent(world, outer.v4, [entry]);
      expect(differences(found, Object.fromEntries(limits.map(([entry, addresses]) => [entry, passed(ofServer(addresses) ?? "")])))).toEqual([]);
    },
  },
];
