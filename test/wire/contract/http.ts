/** On plain http: 301 to https with path and query byte for byte; the ACME challenge alone is served by mailcow. */
import { expect } from "vitest";
import { open } from "../world/client.ts";
import { value, values } from "../world/reply.ts";
import { client } from "../world/variants.ts";
import { type Check, describedNames, differences, endsTls } from "./check.ts";

const targets = [
  "/", "/?", "/a?", "/a%20b", "/a%2Fb", "//evil.example.net/x", "/a//b", "///", "/?q=1&q=2", "/?q=%20+", "/x?to=http://a/?b=c",
  "/%0D%0ASet-Cookie:%20a=b?%0d%0a%0d%0abody", "/?x=%0d%0aX-Evil:%201", "/%u000aX-Evil:1", "/%00",
  "/.well-known/caldav", "/.well-known/carddav", "/.well-known/acme-challenge", "/.well-known/acme-challenge/",
  "/.well-known/acme-challenge/a/b", "/.well-known/acme-challenge/a%2Fb", "/.well-known/acme-challenge/a.b", "/.well-known/acme-challenge/a;b",
  "/.well-known//acme-challenge/token", "/.WELL-KNOWN/acme-challenge/token", "/.well-known/acme-challengeX/token", "/x/.well-known/acme-challenge/token",
  "/?/.well-known/acme-challenge/token",
  "/;p=1", "/~user", "/$host$1$request_uri", "/%25HTTP_HOST%25", "/%[src]", "/$%7B1%7D", "/'quoted'", "/%22%3C%3E%7C", "/SOGo/so", "/.htaccess", "/server-status",
];
const dotted = [
  "/a/../b", "/./a", "/a/..", "/.well-known/acme-challenge/../../admin", "/.well-known/acme-challenge/..%2F..%2Fadmin",
  "/.well-known/acme-challenge/..", "/x/../.well-known/acme-challenge/token",
];
/** Those that RFC 3986 (6.2.2) has another spelling for, which means the same. */
const otherSpellings = ["/a%2fb", "/%0d%0aX-Evil:%201", "/.well-known/acme-challenge/a%2fb", "/%2ewell-known/acme-challenge/token", "/%7euser", "/.well-known/acme-challenge/..%2f..%2fadmin", "/.well-known/acme-challenge/%2e%2e/admin"];
/** Characters that a path may not have as they are. */
const illegal = ["/%25{HTTP_HOST}e", "/a|b"];
const semicolons = ["/x?a=1;b=2"];

export const http: readonly Check[] = [
  ...([
    ["every path redirects with its bytes", targets], ["also with escapes that could be written otherwise", otherSpellings], ["also with characters that should be escaped", illegal], ["also with a semicolon in the query", semicolons],
  ] as const).map(([name, list]): Check => ({
    name,
    async run(world) {
      const found: Record<string, unknown> = {};
      const wanted: Record<string, unknown> = {};
      for (const target of list) {
        const reply = await world.ask({ scheme: "http", target });
        // Refusing what is no path for any server is as good as sending it on.
        if (["/%00", "/%u000aX-Evil:1", "/%[src]"].includes(target) && [400, 404].includes(reply.status)) continue;
        wanted[target] = { status: 301, location: `https://${world.publicHost()}${target}`, evil: [] };
        found[target] = { status: reply.status, location: value(reply, "location"), evil: [...values(reply, "x-evil"), ...values(reply, "set-cookie")] };
      }
      expect(Object.keys(wanted).length).toBeGreaterThanOrEqual(list.length - 3);
      expect(differences(found, wanted)).toEqual([]);
    },
  })),
  {
    name: "dot segments redirect with their bytes and reach nothing",
    async run(world) {
      for (const target of dotted) {
        const reply = await world.keptOut({ scheme: "http", target });
        expect({ target, status: reply.status }).toEqual({ target, status: 301 });
        expect(value(reply, "location")).toContain(`https://${world.publicHost()}${target}?mark-`);
      }
    },
  },
  {
    name: "the redirect names the described host in lower case, with the public port alone",
    async run(world) {
      for (const name of describedNames(world)) {
        for (const host of [name, name.toUpperCase(), `${name}.`, `${name}:80`, `${name}:9999`, `${name.toUpperCase()}.:80`]) {
          const reply = await world.keptOut({ scheme: "http", host, target: "/x" });
          expect({ host, status: reply.status }).toEqual({ host, status: 301 });
          expect(value(reply, "location")).toMatch(`https://${world.publicHost(name)}/x?`);
        }
      }
    },
  },
  // 308 keeps the method.
  ...([["every method redirects", [301, 308]], ["every method redirects with 301", [301]]] as const).map(([name, statuses]): Check => ({
    name,
    async run(world) {
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT", "MKCALENDAR", "LOCK"]) {
        const reply = await world.keptOut({ scheme: "http", method, target: "/dav", body: method === "POST" || method === "PUT" ? "body" : undefined });
        expect(statuses as readonly number[], `${method} ${reply.status}`).toContain(reply.status);
        expect(value(reply, "location")).toContain(`https://${world.publicHost()}/dav?`);
      }
    },
  })),
  {
    name: "HTTP/1.0 and IPv6 clients are redirected too",
    async run(world) {
      expect((await world.keptOut({ scheme: "http", version: "1.0" })).status).toBe(301);
      expect((await world.keptOut({ scheme: "http", client: client.v6 })).status).toBe(301);
    },
  },
  {
    name: "the ACME challenge is answered on plain http",
    async run(world) {
      for (const [name, source] of describedNames(world).flatMap((one) => [[one, client.v4], [one, client.v6]] as const)) {
        const token = `${world.mark()}_Az09-`;
        const reply = await world.ask({ scheme: "http", host: name, target: `/.well-known/acme-challenge/${token}`, client: source });
        expect(reply.status).toBe(200);
        expect(reply.body.toString()).toBe(`${token}.thumbprint`);
        const [seen] = world.mailcow.soFar(token);
        expect({ listener: seen?.listener, target: seen?.target, client: seen?.client }).toEqual({ listener: "http", target: `/.well-known/acme-challenge/${token}`, client: source });
        const sent = (header: string) => (seen === undefined ? [] : values(seen, header));
        expect({ host: sent("host"), proto: sent("x-forwarded-proto"), port: sent("x-forwarded-port"), forwardedHost: sent("x-forwarded-host"), real: sent("x-real-ip"), forwarded: sent("x-forwarded-for") }).toEqual({
          host: [world.publicHost(name, "http")], proto: ["http"], port: [String(world.site.proxy.publicHttpPort)], forwardedHost: [world.publicHost(name, "http")], real: [source], forwarded: [source],
        });
      }
    },
  },
  {
    name: "plain http on the https port reaches nothing",
    when: endsTls,
    async run(world) {
      const mark = world.mark();
      const plainOnTls = { ...world.route(), tls: undefined };
      const raw = await open(plainOnTls);
      raw.send(world.bytes({ target: `/${mark}` }));
      const reply = await raw.receive().catch(() => undefined);
      raw.close();
      expect([undefined, 301, 400, 404, 421]).toContain(reply?.status);
      expect(world.mailcow.soFar(mark)).toHaveLength(0);
    },
  },
];
