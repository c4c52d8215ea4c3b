/** The described names, and only they, reach mailcow. Any other Host gets 421, whatever name TLS asked for. */
import { expect } from "vitest";
import { proxyId } from "../world/description.ts";
import { type Reply, value } from "../world/reply.ts";
import type { Ask } from "../world/clients.ts";
import type { World } from "../world/world.ts";
import { client } from "../world/variants.ts";
import { type Check, describedNames } from "./check.ts";

const others = [
  "unknown.example.net", "mail.example.org.evil.net", "evilmail.example.org", "sub.mail.example.org", "xmail.example.org",
  "mailxexample.org", "example.org", "autodiscover", "autodiscover.", "xautodiscover.example.org", "autodiscoverx.example.org", "localhost", "127.0.0.1", "192.0.2.10",
  "[::1]", "[2001:db8::10]", "mail.example.org.evil.net:443", "_",
];
/** Not host names at all. */
const malformed = [
  "mail.example.org@evil.net", "evil.net:443@mail.example.org", "mail.example.org/evil", "mail.example.org?", "mail.example.org#x",
  "mail.example.org,evil.net", "mail.example.org evil.net", "mail.example.org:80:80", "mail.example.org..", ".mail.example.org", "", "\\mail.example.org",
  "autodiscover.example.org/../x", "autodiscover.evil.net@x", "autodiscover.$host", "autodiscover.%0d%0a", "autodiscover..org", "*",
  // An empty port is allowed (RFC 3986, 3.2.3), and some servers do not take it.
  "mail.example.org:",
  "mail.example.org\0evil", "mail.example.org\0.evil.net", "mail.example.org\0:443", "\0mail.example.org", "autodiscover.example.org\0",
];

/**
 * An unknown name: 421. On plain http a site of the stock configuration may have answered for all names before ours
 * came; where it keeps that, it answers as before.
 */
async function expectUnknown(world: World, ask: Ask): Promise<void> {
  const reply = await world.keptOut(ask);
  const before = ask.scheme === "http" ? world.stockAnswers.get(ask.target ?? "/") : undefined;
  if (before !== undefined && reply.status === before.status) expect(withoutVersion(reply)).toBe(withoutVersion(before));
  else expect(reply.status).toBe(421);
}

export const names: readonly Check[] = [
  {
    name: "every described name reaches mailcow, in any case, with any port and one trailing dot",
    async run(world) {
      for (const name of describedNames(world)) {
        for (const host of [name, name.toUpperCase(), `${name}.`, `${name}:443`, `${name}:8443`, `${name.toUpperCase()}.:12345`]) {
          const { seen } = await world.reach({ host, sni: name, target: "/names" });
          expect({ host, sent: value(seen, "host") }).toEqual({ host, sent: world.publicHost(name) });
        }
      }
    },
  },
  ...([["another described TLS name", false], ["an unknown TLS name, or none", true]] as const).map(([kind, unknown]): Check => ({
    name: `described names are told from each other with ${kind}`,
    async run(world) {
      for (const sni of unknown ? ["unknown.example.net", "neighbour.example.net", null] : describedNames(world)) {
        for (const name of describedNames(world)) {
          if (proxyId === "apache" && unknown && world.variant.beside !== undefined) {
            // The handshake was the first site's, and mod_ssl lets no request of it into a site with another certificate.
            expect((await world.keptOut({ host: name, sni, target: "/sni" })).status).toBe(421);
            continue;
          }
          const { seen } = await world.reach({ host: name, sni, target: "/sni" });
          expect(value(seen, "host")).toBe(world.publicHost(name));
        }
      }
    },
  })),
  ...(["https", "http"] as const).map((scheme): Check => ({
    name: `any other name on ${scheme} gets 421`,
    async run(world) {
      for (const host of [...others, ...(world.variant.leftOut ?? [])]) await expectUnknown(world, { scheme, host }).catch((error: unknown) => named(host, error));
      for (const address of [client.v6]) await expectUnknown(world, { scheme, host: "unknown.example.net", client: address });
    },
  })),
  {
    name: "a described TLS name does not let another Host in",
    async run(world) {
      for (const sni of describedNames(world)) await expectUnknown(world, { host: "unknown.example.net", sni });
    },
  },
  {
    name: "an unknown TLS name, or none, does not let another Host in",
    async run(world) {
      for (const sni of ["unknown.example.net", null]) await expectUnknown(world, { host: "unknown.example.net", sni });
    },
  },
  {
    name: "unknown names get 421 on the challenge path of plain http too",
    async run(world) {
      await expectUnknown(world, { scheme: "http", host: "unknown.example.net", target: "/.well-known/acme-challenge/token" });
    },
  },
  {
    name: "what is not a host name never becomes one",
    async run(world) {
      for (const scheme of ["https", "http"] as const) {
        for (const host of malformed) {
          const mark = world.mark();
          const reply = await world.ask({ scheme, host, target: `/.well-known/acme-challenge/${mark}` });
          // A server may read one of them as a described name and send exactly that name on.
          for (const seen of world.mailcow.soFar(mark)) expect([scheme, host, value(seen, "host")]).toEqual([scheme, host, world.publicHost("mail.example.org", scheme)]);
          if (world.mailcow.soFar(mark).length === 0) {
            // The other site on the http port takes them for its own.
            expect(scheme === "http" && world.stockAnswers.size > 0 ? [400, 404, 421] : [400, 421], `${scheme} ${host}`).toContain(reply.status);
          }
        }
      }
    },
  },
  {
    name: "no Host, or two of them, is refused",
    async run(world) {
      const refusals = [400, 421];
      for (const asked of [{ host: null }, { host: null, version: "1.0" }] as const) {
        expect(refusals).toContain((await world.keptOut(asked)).status);
      }
      for (const [first, second] of [["mail.example.org", "unknown.example.net"], ["unknown.example.net", "mail.example.org"]] as const) {
        expect(refusals).toContain((await world.keptOut({ host: first, headers: [["Host", second]] })).status);
        expect(refusals).toContain((await world.keptOut({ host: first, headers: [["hOST", second]] })).status);
      }
    },
  },
  {
    name: "an absolute request line smuggles no other name and arrives as a path",
    async run(world) {
      for (const scheme of ["https", "http"]) {
        const { seen, target } = await world.reach({ target: `${scheme}://${world.publicHost()}/absolute/%2F` });
        expect(seen.target).toBe(target.replace(/^\w+:\/\/[^/]+/, ""));
        expect(value(seen, "host")).toBe(world.publicHost());
      }
      // The request line wins over Host (RFC 9112, 3.2.2); refusing the contradiction is right too.
      for (const [scheme, target, host] of [
        ["https", "https://mail.example.org/", "unknown.example.net"], ["https", "https://unknown.example.net/", undefined], ["https", "http://unknown.example.net/", undefined],
        ["https", "https://mail.example.org@unknown.example.net/", undefined], ["https", "https://unknown.example.net:443/", undefined],
        ["http", "http://unknown.example.net/.well-known/acme-challenge/", undefined], ["http", "http://mail.example.org/.well-known/acme-challenge/", "unknown.example.net"],
      ] as const) {
        const mark = world.mark();
        const { status } = await world.ask({ scheme, target: `${target}${mark}`, host });
        const arrived = world.mailcow.soFar(mark);
        for (const seen of arrived) expect([target, host, seen.target, value(seen, "host")]).toEqual([target, host, `${new URL(target).pathname}${mark}`, world.publicHost("mail.example.org", scheme)]);
        if (arrived.length === 0) expect(status, target).toBeGreaterThanOrEqual(scheme === "http" && world.stockAnswers.size > 0 ? 200 : 400);
      }
    },
  },
  {
    name: "over HTTP/2 the authority decides",
    async run(world) {
      await world.http2({}, async (request, authority) => {
        const mark = world.mark();
        const hidden = world.mark();
        expect((await request({ ":path": `/${mark}`, ":authority": authority })).status).toBe(200);
        expect((await request({ ":path": `/${mark}`, ":authority": authority.toUpperCase() })).status).toBe(200);
        for (const seen of world.mailcow.soFar(mark)) expect(value(seen, "host")).toBe(world.publicHost());
        expect(world.mailcow.soFar(mark)).toHaveLength(2);
        for (const name of ["unknown.example.net", "mail.example.org.evil.net", "localhost"]) {
          expect((await request({ ":path": `/${hidden}`, ":authority": name })).status).toBe(421);
        }
        expect(world.mailcow.soFar(hidden)).toHaveLength(0);
      });
      const [two, three] = [world.mark(), world.mark()];
      // A contradiction between the two may end the stream or the session.
      const contradict = (headers: Record<string, string>) => world.http2({}, (request) => request({ ":method": "GET", ":scheme": "https", ...headers })).catch(() => undefined);
      await contradict({ ":path": `/${two}`, ":authority": world.publicHost(), host: "unknown.example.net" });
      for (const seen of world.mailcow.soFar(two)) expect(value(seen, "host")).toBe(world.publicHost());
      const other = await contradict({ ":path": `/${three}`, ":authority": "unknown.example.net", host: world.publicHost() });
      expect([undefined, 400, 421]).toContain(other?.status);
      expect(world.mailcow.soFar(three)).toHaveLength(0);
    },
  },
];

/** An error page names the server; that it stops to tell the version is what a server may only allow globally. */
function withoutVersion({ body }: Reply): string {
  return body.toString("latin1").replace(/Apache\/[\d.]+ \(\w+\)( OpenSSL\/[\w.]+)?/, "Apache");
}

function named(host: string, error: unknown): never {
  throw new Error(`Host: ${host}`, { cause: error });
}
