/** Other sites on mailcow's nginx are passed on unchanged, with WebSocket; what mailcow is told of the client holds for them, too. */
import { connect as connectHttp2 } from "node:http2";
import type { Duplex } from "node:stream";
import { expect } from "vitest";
import { open, openSocket, within } from "../world/client.ts";
import { proxyId } from "../world/description.ts";
import { strictTransportSecurity } from "../world/mailcow-site.ts";
import { value, values } from "../world/reply.ts";
import { client, stranger } from "../world/variants.ts";
import { accept, frame, handshake, key, onFrame } from "../world/web-socket.ts";
import type { World } from "../world/world.ts";
import { type Check, endsTls } from "./check.ts";

const when = ({ site }: Pick<World, "site">): boolean => site.otherSites.length > 0;

/** What a frame gets for an answer. */
function echo(socket: Duplex, text: string): Promise<string | undefined> {
  const answer = new Promise<string | undefined>((done) => {
    const stop = onFrame(socket, (got) => {
      stop();
      done(got);
    });
  });
  socket.write(frame(text, "client"));
  return within(5_000, answer, "no frame");
}

/** Opens a WebSocket at a site, and returns its connection and what reached mailcow. */
async function openWebSocket(world: World, host: string, headers: readonly (readonly [string, string])[] = handshake) {
  const mark = world.mark();
  const connection = await open(world.route({ sni: host }));
  const head = new Promise<string>((done) => connection.socket.once("data", (bytes: Buffer) => done(bytes.toString("latin1"))));
  connection.send(world.bytes({ host: world.publicHost(host), target: `/socket?${mark}`, headers }));
  return { connection, head: await within(5_000, head, "no answer"), seen: world.mailcow.soFar(mark) };
}

export const otherSites: readonly Check[] = [
  {
    name: "their requests arrive as they are, with the client's address and the public host",
    when,
    async run(world) {
      const port = values((await world.reach({})).seen, "x-forwarded-port");
      for (const host of world.site.otherSites) {
        for (const target of ["/a%2Fb/../c//d;x?y=%20&z", "/rspamd/", "/SOGo/so/admin/"]) {
          const forged = ["X-Forwarded-For", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Proxy"].map((name) => [name, "198.51.100.250"] as const);
          for (const from of [client.v4, stranger.v6]) {
            const headers = [...forged.slice(world.variant.arrival === "forwarded" ? 1 : 0), ["Connection", "X-Forwarded-For, X-Real-IP, X-Forwarded-Proto"] as const];
            const { reply, seen, target: asked } = await world.reach({ host: world.publicHost(host), sni: host, target, client: from, headers });
            const got = (name: string) => values(seen, name);
            expect({ status: reply.status, target: seen.target, client: seen.client, host: got("host"), for: got("x-forwarded-for"), real: got("x-real-ip"), forwardedHost: got("x-forwarded-host"), proto: got("x-forwarded-proto"), port: got("x-forwarded-port"), removed: [...got("forwarded"), ...got("proxy")] })
              .toEqual({ status: 200, target: asked, client: from, host: [world.publicHost(host)], for: [from], real: [from], forwardedHost: [world.publicHost(host)], proto: ["https"], port, removed: [] });
          }
        }
      }
    },
  },
  {
    name: "their answers are not changed",
    when,
    async run(world) {
      for (const host of world.site.otherSites) {
        for (const link of [`http://${host}/x`, `http://${world.site.publicName}/x`, "/x"]) {
          const reply = await world.ask({ host: world.publicHost(host), sni: host, target: `/redirect?to=${encodeURIComponent(link)}` });
          expect([value(reply, "location"), values(reply, "strict-transport-security"), value(reply, "x-powered-by"), value(reply, "server")?.includes("9.8.7") ?? false]).toEqual([link, [strictTransportSecurity], "PHP/9.8.7", false]);
        }
      }
    },
  },
  {
    name: "http is redirected, and their ACME challenge is answered",
    when,
    async run(world) {
      for (const host of world.site.otherSites) {
        const reply = await world.keptOut({ scheme: "http", host, target: "/x%2Fy?z" });
        expect([reply.status, value(reply, "location")?.startsWith(`https://${world.publicHost(host)}/x%2Fy?z`)]).toEqual([301, true]);
        const { seen } = await world.reach({ scheme: "http", host, target: "/.well-known/acme-challenge/token" });
        expect([seen.listener, value(seen, "host")]).toEqual(["http", world.publicHost(host, "http")]);
      }
    },
  },
  {
    name: "a WebSocket stays open and echoes, and forges nothing",
    when,
    async run(world) {
      for (const host of world.site.otherSites) {
        for (const extra of [[], [["X-Real-IP", "198.51.100.250"]], [["X-Forwarded-Proto", "http"]]] as const) {
          const headers = handshake.map(([name, content]) => [name, name === "Connection" ? "keep-alive, Upgrade, X-Real-IP, X-Forwarded-For" : content] as const);
          const { connection, head, seen: [seen] } = await openWebSocket(world, host, [...headers, ...extra]);
          expect(head).toMatch(/^HTTP\/1\.1 101 /);
          expect(head).toContain(accept(key));
          for (const text of ["one", "two"]) expect(await echo(connection.socket, text)).toBe(text);
          await new Promise((done) => void setTimeout(done, 1_000));
          expect(await echo(connection.socket, "three")).toBe("three");
          connection.close();
          if (seen === undefined) throw new Error("the handshake did not reach mailcow");
          expect([seen.client, values(seen, "x-real-ip"), values(seen, "x-forwarded-for"), values(seen, "x-forwarded-proto")]).toEqual([client.v4, [client.v4], [client.v4], ["https"]]);
        }
      }
    },
  },
  {
    name: "no other protocol is passed on",
    when,
    async run(world) {
      for (const host of world.site.otherSites) {
        const upgrades = [["h2c"], ["TLS/1.0"], ["websocket, h2c"], ["h2c, websocket"], ["websocket/13"], ["websockets"], ["h2c", "websocket"], ["websocket", "h2c"]];
        for (const [named, upgrade] of ["Upgrade, HTTP2-Settings", "Upgrade"].flatMap((one) => upgrades.map((upgrade) => [one, upgrade] as const))) {
          const mark = world.mark();
          const headers = [["Connection", named], ...upgrade.map((one) => ["Upgrade", one] as const), ["HTTP2-Settings", "AAMAAABkAAQAAP__"]] as const;
          const { status } = await world.ask({ host: world.publicHost(host), sni: host, target: `/?${mark}`, headers });
          const arrived = world.mailcow.soFar(mark);
          // HAProxy refuses a line for WebSocket without a key. nginx before 1.23 reads the first of several lines.
          expect([named, upgrade, arrived.length === 0 ? 400 : 200]).toEqual([named, upgrade, status]);
          for (const seen of arrived) expect([named, upgrade, values(seen, "upgrade").filter((one) => one !== "websocket" || upgrade.length === 1)]).toEqual([named, upgrade, []]);
        }
      }
    },
  },
  {
    name: "no WebSocket reaches mailcow under its own names",
    when,
    async run(world) {
      for (const host of [world.site.publicName, ...world.variant.otherNames]) {
        const { connection, head, seen: [seen] } = await openWebSocket(world, host);
        connection.close();
        expect([host, head.startsWith("HTTP/1.1 101 "), seen === undefined ? [] : values(seen, "upgrade")]).toEqual([host, false, []]);
      }
    },
  },
  {
    name: "their response headers may have 100 KB",
    when,
    async run(world) {
      for (const host of world.site.otherSites) {
        const { reply } = await world.reach({ host: world.publicHost(host), sni: host, target: "/headers?bytes=100000&lines=20" });
        expect([reply.status, reply.body.toString()]).toEqual([200, "with headers"]);
        await world.http2({ sni: host }, async (request) => {
          expect((await request({ ":path": "/headers?bytes=60000&lines=10", ":authority": world.publicHost(host) })).status).toBe(200);
        });
      }
    },
  },
  {
    name: "WebSocket over HTTP/2 works where the server announces it",
    when: (world) => when(world) && endsTls(world),
    async run(world) {
      for (const host of [...world.site.otherSites, world.site.publicName]) {
        const socket = await openSocket({ ...world.route({ sni: host }), tls: { servername: host, ALPNProtocols: ["h2"] } });
        const session = connectHttp2("https://session.invalid", { createConnection: () => socket });
        session.on("error", () => undefined);
        try {
          const announced = await within(5_000, new Promise<boolean>((done) => session.once("remoteSettings", ({ enableConnectProtocol }) => done(enableConnectProtocol === true))), "no settings");
          expect(announced).toBe(proxyId === "haproxy");
          if (!announced) continue;
          const headers = { ":method": "CONNECT", ":protocol": "websocket", ":scheme": "https", ":path": "/socket", ":authority": world.publicHost(host), "sec-websocket-version": "13", ...Object.fromEntries(world.wayHeaders()) };
          const stream = session.request(headers, { endStream: false });
          const status = await within(5_000, new Promise((done) => stream.once("error", () => done(0)).once("response", (received) => done(received[":status"]))), "no response");
          const own = world.site.otherSites.includes(host);
          expect([host, status]).toEqual([host, own ? 200 : 400]);
          if (own) expect(await echo(stream, "over HTTP/2")).toBe("over HTTP/2");
        } finally {
          session.destroy();
        }
      }
    },
  },
];
