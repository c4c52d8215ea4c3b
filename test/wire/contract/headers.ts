/** Headers to mailcow: those it believes are set by the proxy, once; Forwarded, Proxy and Upgrade are removed; the rest arrives. */
import { isIP } from "node:net";
import { expect } from "vitest";
import type { Seen } from "../world/seen.ts";
import { values } from "../world/reply.ts";
import { client } from "../world/variants.ts";
import type { World } from "../world/world.ts";
import { type Check, describedNames } from "./check.ts";
import { forgeries } from "./forgeries.ts";
import { canonical } from "../world/proxy-protocol.ts";

function sentByProxy(seen: Seen): Record<string, readonly string[]> {
  const names = ["host", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded", "proxy", "upgrade"];
  return Object.fromEntries(names.map((name) => [name, values(seen, name)]));
}

function expected(world: World, name: string, address: string): Record<string, readonly string[]> {
  return {
    "host": [world.publicHost(name)],
    "x-real-ip": [address],
    "x-forwarded-for": [address],
    "x-forwarded-host": [world.publicHost(name)],
    "x-forwarded-proto": ["https"],
    "x-forwarded-port": [String(world.site.proxy.publicHttpsPort)],
    "forwarded": [],
    "proxy": [],
    "upgrade": [],
  };
}

const passed = [
  ["Authorization", "Basic dXNlcjpwYXNz"], ["Cookie", "a=1; b=\"2\"; c=%20"], ["User-Agent", "DAVx5/4.3 (2026)"], ["Depth", "1"],
  ["Destination", "https://mail.example.org/SOGo/dav/a%20b.ics"], ["If", "(<opaquelocktoken:1>)"], ["If-None-Match", "\"etag\", W/\"x\""], ["Overwrite", "F"],
  ["Timeout", "Infinite, Second-4100000000"], ["Lock-Token", "<opaquelocktoken:1>"], ["Accept-Encoding", "gzip, br"], ["Accept", "*/*;q=0.1"], ["Range", "bytes=0-10"],
  ["X-Requested-With", "XMLHttpRequest"], ["MS-ASProtocolVersion", "14.1"], ["X-MS-PolicyKey", "0"], ["X-API-Key", "000-000"], ["Origin", "https://mail.example.org"],
  ["Referer", "https://mail.example.org/SOGo/?x=1"], ["X-HTTP-Method-Override", "PUT"], ["Prefer", "return=minimal"], ["Brief", "t"], ["DNT", "1"],
] as const;

export const headers: readonly Check[] = [
  {
    name: "for every name",
    async run(world) {
      for (const name of describedNames(world)) {
        const { seen } = await world.reach({ host: name, sni: name });
        expect(sentByProxy(seen)).toEqual(expected(world, name, client.v4));
      }
    },
  },
  {
    name: "a client's port in Host is replaced with the public one",
    async run(world) {
      for (const port of [world.site.proxy.httpsPort, world.site.proxy.publicHttpsPort, 443, 8443, 9999]) {
        const { seen } = await world.reach({ host: `${world.site.publicName}:${port}` });
        expect(sentByProxy(seen)).toEqual(expected(world, world.site.publicName, client.v4));
      }
    },
  },
  ...forgeries.map((forgery): Check => ({
    name: `forged: ${forgery.name}`,
    async run(world) {
      const { seen } = await world.reach({ headers: forgery.headers });
      expect(sentByProxy(seen)).toEqual(expected(world, world.site.publicName, client.v4));
    },
  })),
  {
    name: "forged over HTTP/2",
    async run(world) {
      const mark = world.mark();
      await world.http2({}, (request, authority) => request({
        ":path": `/${mark}`, ":authority": authority, "x-forwarded-host": "evil.example.net", "x-forwarded-proto": "gopher", "x-forwarded-port": "1",
        "x-real-ip": "198.51.100.250", "forwarded": "for=x", "proxy": "http://x",
      }));
      const [seen] = world.mailcow.soFar(mark);
      expect(seen === undefined ? undefined : sentByProxy(seen)).toEqual(expected(world, world.site.publicName, client.v4));
    },
  },
  {
    name: "all others arrive as they were sent",
    async run(world) {
      const { seen } = await world.reach({ headers: passed });
      expect(Object.fromEntries(passed.map(([name]) => [name, values(seen, name)]))).toEqual(Object.fromEntries(passed.map(([name, content]) => [name, [content]])));
    },
  },
  {
    name: "a cookie of 6 KB arrives",
    async run(world) {
      const cookie = `session=${"c".repeat(6_000)}`;
      const { seen } = await world.reach({ headers: [["Cookie", cookie]] });
      expect(values(seen, "cookie")).toEqual([cookie]);
    },
  },
  {
    name: "mailcow's links lead back to the public address",
    async run(world) {
      for (const name of describedNames(world)) {
        const { reply } = await world.reach({ host: name, target: "/redirect" });
        expect({ status: reply.status, location: values(reply, "location") }).toEqual({ status: 302, location: [`https://${world.publicHost(name)}/SOGo/`] });
      }
    },
  },
];

/** What holds for every request that reached mailcow in a world; the last row to be checked. */
export const everyRequest: readonly Check[] = [
  {
    name: "every request of all rows carried a known name and one address",
    run(world) {
      const { seen, malformed } = world.mailcow;
      expect(seen.length).toBeGreaterThan(100);
      const wrong = seen.filter((one) => {
        const own = sentByProxy(one);
        const single = ["host", "x-real-ip", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"].every((name) => own[name]?.length === 1);
        const address = own["x-forwarded-for"]?.[0] ?? "";
        const host = (own["host"]?.[0] ?? "").replace(/:\d+$/, "");
        // Of a name that is only in the certificate mailcow knows nothing, and answers its challenge. An administrator's own
        // site is not in its list either.
        const challenged = one.listener === "http" && one.target.startsWith("/.well-known/acme-challenge/") && (world.variant.certificateNames ?? []).includes(host);
        // In a hosting panel, the default site is the panel's, and in the tests it is ours.
        const known = one.knownName || challenged || world.site.otherSites.includes(host) || world.variant.panel === "nginx";
        return !single || !known || isIP(address) === 0 || own["x-real-ip"]?.[0] !== address || one.client !== canonical(address) || !one.target.startsWith("/");
      });
      expect(wrong.map((one) => [one.requestLine, one.client, sentByProxy(one)])).toEqual([]);
      expect(malformed).toBe(0);
      return Promise.resolve();
    },
  },
];
