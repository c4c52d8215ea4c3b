/** All methods reach mailcow, WebDAV's and CalDAV's included. */
import { expect } from "vitest";
import type { Check } from "./check.ts";

const methods = [
  "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "PROPPATCH", "REPORT", "MKCOL", "MKCALENDAR", "COPY", "MOVE", "LOCK", "UNLOCK", "SEARCH", "ACL",
  "BIND", "REBIND", "UNBIND", "MKACTIVITY", "CHECKOUT", "MERGE", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "LINK", "UNLINK", "PURGE",
];
const bodiless = new Set(["GET", "HEAD"]);

export const methodsRow: readonly Check[] = [
  {
    name: "over HTTP/1.1",
    async run(world) {
      const arrived: unknown[] = [];
      for (const method of methods) {
        const mark = world.mark();
        const { status } = await world.ask({ method, target: `/SOGo/dav/?${mark}`, body: bodiless.has(method) ? undefined : "<x/>" });
        arrived.push(...world.mailcow.soFar(mark).map((seen) => [seen.method, seen.bodyBytes, status]));
      }
      expect(arrived).toEqual(methods.map((method) => [method, bodiless.has(method) ? 0 : 4, 200]));
    },
  },
  {
    name: "over HTTP/2",
    async run(world) {
      await world.http2({}, async (request, authority) => {
        const arrived: unknown[] = [];
        for (const method of methods) {
          const mark = world.mark();
          const { status } = await request({ ":method": method, ":path": `/SOGo/dav/?${mark}`, ":authority": authority }, bodiless.has(method) ? undefined : Buffer.from("<x/>"));
          arrived.push(...world.mailcow.soFar(mark).map((seen) => [seen.method, seen.bodyBytes, status]));
        }
        expect(arrived).toEqual(methods.map((method) => [method, bodiless.has(method) ? 0 : 4, 200]));
      });
    },
  },
  {
    name: "TRACE reflects nothing",
    async run(world) {
      for (const scheme of ["https", "http"] as const) {
        const reply = await world.ask({ scheme, method: "TRACE", headers: [["X-Secret", "reflected"]] });
        expect(reply.body.toString()).not.toContain("reflected");
      }
    },
  },
  {
    name: "CONNECT opens no tunnel",
    async run(world) {
      const { bind, port } = { bind: world.site.upstream.main.address, port: world.site.upstream.main.port };
      for (const target of [`${bind}:${port}`, "mail.example.org:443", "unknown.example.net:25"]) {
        for (const host of [target, undefined]) {
          const reply = await world.ask({ method: "CONNECT", target, host }).catch(() => undefined);
          expect(reply?.status ?? 400).toBeGreaterThanOrEqual(400);
        }
      }
    },
  },
];
