/** All methods reach mailcow, WebDAV's and CalDAV's included. */
import { expect } from "vitest";
import { sendFrames } from "../world/http2-frames.ts";
import { sleep } from "../world/world.ts";
import { type Check, endsTls, ofServer } from "./check.ts";

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
      const { bind, port } = { bind: world.site.proxy.upstream.main.address, port: world.site.proxy.upstream.main.port };
      for (const target of [`${bind}:${port}`, "mail.example.org:443", "unknown.example.net:25"]) {
        for (const host of [target, undefined]) {
          const reply = await world.ask({ method: "CONNECT", target, host }).catch(() => undefined);
          expect(reply?.status ?? 400).toBeGreaterThanOrEqual(400);
        }
      }
    },
  },
  {
    name: "CONNECT reaches nothing, however it is written",
    async run(world) {
      const before = world.mailcow.seen.length;
      for (const scheme of ["https", "http"] as const) {
        for (const host of [world.publicHost(), "mail.example.org:443", "mail.example.org:80", "mail.example.org:8443"]) {
          const targets = ["/x", "/.well-known/acme-challenge/x", "*", host, `//${host}/x`, ...["https", "http", "foo"].flatMap((any) => [`${any}://${host}`, `${any}://${host}/x`, `${any}://${host}/.well-known/acme-challenge/x`])];
          for (const target of targets) {
            const { status } = await world.ask({ scheme, method: "CONNECT", target, host });
            // Caddy's stock site on the http port leads from * to */.
            const refusals = scheme === "http" && target === "*" && world.stockAnswers.size > 0 ? [308] : [];
            expect([400, 404, 405, 421, 501, ...refusals], `${scheme} ${target} ${host}`).toContain(status);
          }
        }
      }
      const common = [[":authority", world.publicHost()], ...world.wayHeaders().map(([name, content]) => [name.toLowerCase(), content] as const)] as const;
      for (const fields of [[], [[":scheme", "https"], [":path", "/x"]], ...["websocket", "connect-udp"].map((protocol) => [[":protocol", protocol], [":scheme", "https"], [":path", "/x"]] as const)] as const) {
        if (endsTls(world)) await sendFrames(world.route(), [[":method", "CONNECT"], ...fields, ...common]);
      }
      await sleep(30);
      // None of these has a mark; a slow upload that began before and ends now has one.
      expect(world.mailcow.seen.slice(before).map((seen) => seen.requestLine).filter((line) => !/[?&]mark-/.test(line))).toEqual([]);
    },
  },
  {
    name: "no answer of mailcow's opens a tunnel to it",
    // What follows is a request of its own, of a name that no site has, and the panel's answer to that is not ours.
    when: ({ variant }) => variant.panel !== "nginx",
    async run(world) {
      const webSocket = [["Connection", "Upgrade"], ["Upgrade", "websocket"], ["Sec-WebSocket-Version", "13"], ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="]] as const;
      for (const headers of [[], webSocket, [["Connection", "Upgrade"], ["Upgrade", "h2c"]], [["Upgrade", "x"]]] as const) {
        for (const target of ["/switch", "/SOGo/switch"]) {
          const mark = world.mark();
          const connection = await world.connect();
          const answer = new Promise<string>((done) => connection.socket.once("data", (bytes: Buffer) => done(bytes.toString("latin1"))));
          connection.send(world.bytes({ target: `${target}?${mark}`, headers }));
          // nginx passes it on, and Caddy 2.6 sends an empty answer, which are known limits.
          expect(await answer, target).toMatch(ofServer({ nginx: /^HTTP\/1\.1 101 /, apache: /^HTTP\/1\.1 502 /, haproxy: /^HTTP\/1\.1 502 /, caddy: /^HTTP\/1\.1 (?:502 |200 OK\r\n(?:.+\r\n)*Content-Length: 0\r\n)/, traefik: /^HTTP\/1\.1 500 / }) ?? /^$/);
          connection.send(`GET /tunnelled?${mark} HTTP/1.1\r\nHost: unknown.example.net\r\nX-Forwarded-For: 198.51.100.250\r\n\r\n`);
          await sleep(100);
          connection.close();
          expect({ headers, seen: world.mailcow.soFar(mark).map((seen) => seen.target) }).toEqual({ headers, seen: [`${target}?${mark}`] });
        }
      }
    },
  },
];
