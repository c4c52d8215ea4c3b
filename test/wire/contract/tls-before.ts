/** Where TLS ends in a proxy in front: only that one is served, and only by what it says the client used. */
import { expect } from "vitest";
import { exchange, open } from "../world/client.ts";
import { type Header, lines } from "../world/clients.ts";
import { isMachines, proxyId } from "../world/description.ts";
import { value, values } from "../world/reply.ts";
import { client, outer, outermost, stranger, untrusted } from "../world/variants.ts";
import type { World } from "../world/world.ts";
import { type Check, ofServer } from "./check.ts";

type Outcome = "https" | "http" | "refused";

const proto = (...contents: readonly string[]): readonly Header[] => contents.map((content) => ["X-Forwarded-Proto", content]);

/** nginx before 1.23 reads the first of several lines, later ones and Apache join them, and HAProxy refuses them. */
function severalLines(first: Outcome, joined: Outcome): Outcome {
  if (proxyId === "haproxy") return "refused";
  return proxyId === "nginx" && isMachines ? first : joined;
}

/** What the proxy in front does not say at all. */
const unsaid: Outcome = ofServer({ nginx: "refused", apache: "refused", haproxy: "refused", caddy: "refused", traefik: "http" }) ?? "refused";

const variants: readonly (readonly [headers: readonly Header[], outcome: Outcome])[] = [
  ...["https", "HTTPS", "Https", "wss", "WSS", "https,https", "https, wss", "wss , https"].map((content) => [proto(content), "https"] as const),
  ...["http", "HTTP", "ws"].map((content) => [proto(content), "http"] as const),
  [proto(""), unsaid],
  ...['"https"', "https;", "http, https", "https, http", "http, http", "gopher", "on", "https x", "https,", ",https", "xhttps", "httpsx", "https http"].map((content) => [proto(content), "refused"] as const),
  [[], unsaid],
  [[["X-Forwarded-Ssl", "on"]], unsaid],
  [[["Front-End-Https", "on"]], unsaid],
  [[["X-Forwarded-Scheme", "https"]], unsaid],
  [[["Forwarded", "proto=https"]], unsaid],
  [[["CF-Visitor", '{"scheme":"https"}']], unsaid],
  [proto("https", "https"), severalLines("https", "https")],
  [proto("https", "http"), severalLines("https", "refused")],
  [proto("http", "https"), severalLines("http", "refused")],
];

function bytes(world: World, target: string, headers: readonly Header[], host = world.publicHost()): string {
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines([["X-Forwarded-For", client.v4], ...headers])}\r\n`;
}

/** What a peer gets for a path, and what mailcow gets of it. */
async function answer(world: World, from: string, target: string, headers: readonly Header[], host?: string) {
  const mark = world.mark();
  const reply = await exchange({ ...world.route({ client: from }), from }, bytes(world, `${target}${mark}`, headers, host));
  const [seen] = world.mailcow.soFar(mark);
  return {
    status: reply.status,
    location: value(reply, "location")?.replace(mark, ""),
    seen: seen === undefined ? undefined : ["x-forwarded-proto", "x-forwarded-port", "host", "x-forwarded-host"].map((name) => values(seen, name).join()),
  };
}

const challenge = "/.well-known/acme-challenge/";
const kept = { status: 403, location: undefined, seen: undefined };

const when = ({ site }: Pick<World, "site">) => site.proxy.tlsBefore;

export const tlsBefore: readonly Check[] = [
  {
    name: "a trusted proxy's word for what the client used decides",
    when,
    async run(world) {
      const [host, plain] = [world.publicHost(), world.publicHost(undefined, "http")];
      const served = { status: 200, location: undefined, seen: ["https", String(world.site.proxy.publicHttpsPort), host, host] };
      const wanted: Record<Outcome, readonly unknown[]> = {
        https: [served, served, { ...served, status: 200 }],
        http: [{ status: 301, location: `https://${host}/x?`, seen: undefined }, { status: 200, location: undefined, seen: ["http", "80", plain, plain] }, { status: 301, location: `https://${host}/SOGo/`, seen: undefined }],
        refused: [kept, kept, kept],
      };
      expect(variants.length).toBeGreaterThanOrEqual(23);
      for (const peer of [outer.v4, outermost.v4, outer.v6]) {
        for (const [headers, outcome] of variants) {
          const got = [await answer(world, peer, "/x?", headers), await answer(world, peer, challenge, headers), await answer(world, peer, "/SOGo/", headers)];
          expect({ peer, headers, got }).toEqual({ peer, headers, got: wanted[outcome] });
        }
      }
    },
  },
  {
    name: "anybody else gets 403, the challenge included",
    when,
    async run(world) {
      for (const peer of [untrusted.v4, stranger.v4, client.v6]) {
        for (const [headers] of variants) {
          for (const target of ["/x?", challenge, "/SOGo/"]) expect({ peer, headers, target, ...await answer(world, peer, target, headers) }).toEqual({ peer, headers, target, ...kept });
        }
      }
    },
  },
  {
    name: "names that are not served get 421, whatever else is wrong",
    when,
    async run(world) {
      for (const [headers] of variants) {
        for (const peer of [outer.v4, stranger.v4]) {
          expect({ headers, peer, status: (await answer(world, peer, "/x?", headers, "unknown.example.net")).status }).toEqual({ headers, peer, status: 421 });
        }
      }
    },
  },
  {
    name: "each request of a connection is judged by itself",
    when,
    async run(world) {
      const connection = await open(world.route());
      const got: number[] = [];
      for (const headers of [proto("https"), proto("http"), proto("https"), proto("wss"), proto("ws")]) {
        connection.send(bytes(world, `/kept?${world.mark()}`, headers));
        got.push((await connection.receive()).status);
      }
      connection.send(bytes(world, "/kept", []));
      got.push((await connection.receive()).status);
      connection.close();
      expect(got).toEqual([200, 301, 200, 200, 301, unsaid === "refused" ? 403 : 301]);
    },
  },
];
