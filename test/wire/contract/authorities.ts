/** A described name with something behind it that is no port is no described name: 421, or 400 for what is no host name. */
import { expect } from "vitest";
import type { Ask } from "../world/clients.ts";
import { proxyId } from "../world/description.ts";
import { value } from "../world/reply.ts";
import { type Check, describedNames, endsTls } from "./check.ts";

/** What follows a name as a port and is none. */
const noPorts = [
  "x", "443x", "x443", "-1", "+443", "%34", "'", "[::1]", "8444@evil.example.net", "443;x", "443,evil.example.net", "x.example.net", "443:443", "443:x", "\xff", "0x1bb", "443 x",
] as const;
/** The same behind a name in a request line, where a path or a query may follow the port. */
const noAuthorities = (name: string) => [...noPorts.map((port) => `${name}:${port}`), `[${name}]`, `${name}]`, `user@${name}`, `user:x@${name}`, `${name}@evil.example.net`, `${name},evil.example.net`];

/** HAProxy's known limit, which a check of its own shows; 2.6 takes a slash after the port as well. */
function doubledDefaultPort(origin: string): boolean {
  return proxyId === "haproxy" && /^https:.*:443(?::443|\/)$/.test(origin);
}

export const authorities: readonly Check[] = [
  {
    name: "a name with what is no port behind it is no described name",
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const scheme of ["https", "http"] as const) {
        // Plain http answers the challenge of further names.
        const further = scheme === "http" ? world.site.challengeNames.exact.slice(0, 1) : [];
        for (const name of [world.site.publicName, describedNames(world).at(-1) ?? "", ...further]) {
          const asks: Ask[] = [...noPorts, "443?x", "443#x", "443/"].map((port) => ({ host: `${name}:${port}` }));
          asks.push({ host: `${name.toUpperCase()}:X` }, { host: `${name}.:x` });
          for (const authority of noAuthorities(name)) {
            asks.push({ target: `${scheme}://${authority}/` });
            if (!doubledDefaultPort(`${scheme}://${authority}`)) asks.push({ target: `${scheme}://${authority}/`, host: authority });
          }
          for (const asked of asks) {
            const mark = world.mark();
            const target = `${asked.target ?? "/"}.well-known/acme-challenge/${mark}`;
            const { status } = await world.ask({ ...asked, scheme, target });
            // The other site on the http port takes some of them for its own.
            const refusals = scheme === "http" && world.stockAnswers.size > 0 ? [400, 404, 421] : [400, 421];
            if (!refusals.includes(status) || world.mailcow.soFar(mark).length > 0) found[`${scheme} ${asked.host} ${target}`] = status;
          }
        }
      }
      expect(found).toEqual({});
    },
  },
  {
    name: "whatever stands behind a name, mailcow gets the described name",
    async run(world) {
      for (const scheme of ["https", "http"] as const) {
        for (const name of describedNames(world)) {
          for (const port of ["x", "443x", "443;x", "443,evil.example.net", "x.example.net"]) {
            const token = `${world.mark()}x`;
            await world.ask({ scheme, host: `${name}:${port}`, target: `/.well-known/acme-challenge/${token}` });
            for (const seen of world.mailcow.soFar(token)) expect([value(seen, "host"), value(seen, "x-forwarded-host")]).toEqual([world.publicHost(name, scheme), world.publicHost(name, scheme)]);
          }
        }
      }
      await world.reach({});
    },
  },
  {
    name: "nor over HTTP/2, as authority or as Host",
    async run(world) {
      const found: Record<string, unknown> = {};
      for (const name of [world.site.publicName, describedNames(world).at(-1) ?? ""]) {
        for (const port of [...noPorts, "443?x", "443#x", "443/"]) {
          for (const field of [":authority", "host"]) {
            if (field === ":authority" && doubledDefaultPort(`https://${name}:${port}`)) continue;
            const mark = world.mark();
            const fields = { ":method": "GET", ":scheme": "https", ":path": `/${mark}`, [field]: `${name}:${port}` };
            const status = await world.http2({}, (request) => request(fields)).then((reply) => reply.status, () => "refused");
            if (![400, 421, "refused"].includes(status) || world.mailcow.soFar(mark).length > 0) found[`${field} ${name}:${port}`] = status;
          }
        }
      }
      expect(found).toEqual({});
    },
  },
  {
    name: "known limit: HAProxy takes the scheme's port off an authority before anybody sees it, and so takes a doubled one",
    when: (world) => proxyId === "haproxy" && endsTls(world),
    async run(world) {
      const mark = world.mark();
      const { status } = await world.http2({}, (request) => request({ ":path": `/${mark}`, ":authority": "mail.example.org:443:443" }));
      expect({ status, sent: world.mailcow.soFar(mark).map((seen) => value(seen, "host")) }).toEqual({ status: 200, sent: [world.publicHost()] });
    },
  },
];
