/** HTTP/2 to the client, kept-alive connections to mailcow. */
import type { TLSSocket } from "node:tls";
import { expect } from "vitest";
import { has } from "../../../src/core/site/platform.ts";
import type { Site } from "../../../src/core/site/site.ts";
import { openSocket } from "../world/client.ts";
import { attemptAside } from "../world/command.ts";
import { type Check, endsTls, ofServer } from "./check.ts";

/** Whether the server keeps connections to a host name. Older ones follow a name with a connection for each request. */
function keepsToName({ versions }: Site): boolean {
  return ofServer({ nginx: has(versions, "nginxUpstreamResolve"), apache: has(versions, "apacheAddressTtl"), haproxy: true, caddy: true, traefik: true }) === true;
}

export const connections: readonly Check[] = [
  {
    name: "ALPN chooses h2 where the client has it, and serves those who do not",
    when: endsTls,
    async run(world) {
      for (const [offered, chosen] of [[["h2", "http/1.1"], "h2"], [["http/1.1", "h2"], "h2"], [["http/1.1"], "http/1.1"]] as const) {
        const route = world.route();
        const socket = (await openSocket({ ...route, tls: { servername: "mail.example.org", ALPNProtocols: [...offered] } })) as TLSSocket;
        expect({ offered, chosen: socket.alpnProtocol }).toEqual({ offered, chosen });
        socket.destroy();
      }
      const { tls, ...route } = world.route();
      const socket = await openSocket({ ...route, tls: { servername: tls?.servername, ALPNProtocols: [] } });
      socket.destroy();
    },
  },
  {
    name: "curl speaks HTTP/2 with it",
    when: ({ variant }) => variant.arrival === "direct",
    async run(world) {
      const { site, variant } = world;
      const said = await attemptAside("curl", "-sk", "--http2", "--max-time", "25", "--connect-to", `::${variant.address.v4}:${site.proxy.httpsPort}`,
        "-o", "/dev/null", "-w", "%{http_version} %{http_code}", `https://${world.publicHost()}/curl`);
      expect(said).toBe("2 200");
    },
  },
  {
    name: "a client's connection takes many requests",
    async run(world) {
      const connection = await world.connect();
      try {
        // nginx closes after a thousand by default, Apache after a hundred.
        for (let index = 0; index < 1100; index++) {
          connection.send(world.bytes({ target: `/kept/${index}` }));
          expect((await connection.receive()).status).toBe(200);
        }
        // Sent without waiting.
        for (let index = 0; index < 5; index++) connection.send(world.bytes({ target: `/pipelined/${index}` }));
        for (let index = 0; index < 5; index++) expect((await connection.receive()).body.toString()).toContain(`/pipelined/${index} `);
      } finally {
        connection.close();
      }
    },
  },
  {
    name: "connections to mailcow are kept",
    // A connection that begins with PROXY protocol is one client's, and HAProxy opens it anew for each request.
    when: ({ site }) => !site.proxy.proxyProtocol.send && (site.proxy.upstream.resolver === undefined || keepsToName(site)),
    async run(world) {
      const mark = world.mark();
      let before = world.mailcow.opened;
      const connection = await world.connect();
      for (let index = 0; index < 30; index++) {
        connection.send(world.bytes({ target: `/kept/${mark}`, method: index % 3 === 0 ? "POST" : "GET", body: index % 3 === 0 ? "x" : undefined }));
        expect((await connection.receive()).status).toBe(200);
      }
      connection.close();
      const over1 = world.mailcow.soFar(mark);
      expect(over1).toHaveLength(30);
      // HAProxy goes round the connections that lie idle; none of them is opened for this.
      expect(world.mailcow.opened - before).toBeLessThanOrEqual(3);
      expect(over1.every((seen) => seen.requestLine.endsWith("HTTP/1.1"))).toBe(true);
      const second = world.mark();
      before = world.mailcow.opened;
      await world.http2({}, async (request, authority) => {
        for (let index = 0; index < 30; index++) expect((await request({ ":path": `/kept/${second}`, ":authority": authority })).status).toBe(200);
      });
      const over2 = world.mailcow.soFar(second);
      expect(over2).toHaveLength(30);
      expect(world.mailcow.opened - before).toBeLessThanOrEqual(3);
    },
  },
  {
    name: "fifty HTTP/2 requests at once",
    async run(world) {
      await world.http2({}, async (request, authority) => {
        const replies = await Promise.all(Array.from({ length: 50 }, (_, index) => request({ ":path": `/bytes?count=${index * 1000}`, ":authority": authority })));
        expect(replies.map(({ status, body }) => [status, body.length])).toEqual(replies.map((_, index) => [200, index * 1000]));
      });
    },
  },
];
