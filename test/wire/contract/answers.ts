/** Location to a described name leaves as https, any other untouched; one Strict-Transport-Security; no version. */
import { expect } from "vitest";
import { answering, strictTransportSecurity } from "../world/mailcow-site.ts";
import { proxyId } from "../world/description.ts";
import { type Reply, value, values } from "../world/reply.ts";
import type { World } from "../world/world.ts";
import { stranger } from "../world/variants.ts";
import { type Check, describedNames } from "./check.ts";

const location = async (world: World, to: string, host?: string) =>
  value((await world.reach({ host, target: `/redirect?to=${encodeURIComponent(to)}` })).reply, "location");

/** Nothing in the response says which version of what answered. */
function expectNoVersion(what: string, reply: Reply): void {
  expect({ what, server: values(reply, "server").filter((text) => /\d|\//.test(text)), powered: values(reply, "x-powered-by") }).toEqual({ what, server: [], powered: [] });
  expect(reply.body.toString("latin1"), what).not.toMatch(/(nginx|apache|haproxy|openssl|php)[/ ]v?\d|Server at/i);
}

export const answers: readonly Check[] = [
  {
    name: "http links to described names become https",
    async run(world) {
      for (const asked of describedNames(world)) {
        for (const name of describedNames(world)) {
          for (const rest of ["", "/", "/SOGo/", "/x?a=%2F&b=http://mail.example.org/", "/a%20b//c", "?x", "?x=/y", "#x", "#/?x"]) {
            expect(await location(world, `http://${name}${rest}`, asked)).toBe(`https://${world.publicHost(name)}${rest}`);
          }
        }
      }
    },
  },
  {
    name: "with the public https port too",
    when: ({ site }) => site.proxy.publicHttpsPort !== 443,
    async run(world) {
      for (const rest of ["/x", "", "?x", "#x"]) expect(await location(world, `http://${world.publicHost()}${rest}`)).toBe(`https://${world.publicHost()}${rest}`);
    },
  },
  {
    name: "any other Location is left alone",
    async run(world) {
      const name = world.site.publicName;
      for (const to of [
        "/relative", "relative", "//mail.example.org/x", "?q", "#f", `https://${name}/x`, `https://${name}:444/x`, "http://other.example.net/", "https://other.example.net/x",
        `http://${name}.evil.net/`, `http://evil${name}/`, `http://${name}@evil.net/`, `http://${name}:8080/x`, `http://${name}:81/`, `http://evil.net/http://${name}/`, "http://mailxexample.org/",
        "http://127.0.0.1/x", "http://[::1]/x", "http:///x", "mailto:a@example.org", `ftp://${name}/`, "/a?to=http://mail.example.org/",
      ]) {
        expect(await location(world, to)).toBe(to);
      }
    },
  },
  {
    name: "of two Location lines each is judged by itself",
    async run(world) {
      const [own, other] = [`http://${world.site.publicName}/own`, "http://other.example.net/other"];
      const left = new Map([[own, `https://${world.publicHost()}/own`], [other, other]]);
      for (const pair of [[own, other], [other, own], [own, own], [other, other]] as const) {
        const found = values((await world.reach({ target: answering(pair.map((to) => `Location: ${to}`), 302) })).reply, "location");
        // One answer has one; a server may pass the first only.
        const wanted = pair.map((to) => left.get(to));
        expect([wanted, wanted.slice(0, 1)], pair.join()).toContainEqual(found);
      }
    },
  },
  {
    name: "links elsewhere in the header are left alone",
    async run(world) {
      const lines = [["Content-Location", "http://mail.example.org/x"], ["Link", "<http://mail.example.org/x>; rel=next"], ["URI", "http://mail.example.org/x"], ["Refresh", "5"]] as const;
      const { reply } = await world.reach({ target: answering(lines.map((line) => line.join(": "))) });
      for (const [name, content] of lines) expect(values(reply, name)).toEqual([content]);
    },
  },
  {
    name: "known limit: nginx treats the address in Refresh as that in Location, the others leave it alone",
    async run(world) {
      for (const [to, left] of [[`http://${world.site.publicName}/x`, `https://${world.publicHost()}/x`], ["http://other.example.net/x", "http://other.example.net/x"]] as const) {
        const { reply } = await world.reach({ target: answering([`Refresh: 5; url=${to}`]) });
        expect(value(reply, "refresh")).toBe(`5; url=${proxyId === "nginx" ? left : to}`);
      }
    },
  },
  {
    name: "what mailcow says to another server changes nothing",
    async run(world) {
      const commands = [
        "X-Accel-Redirect: /commanded", "X-Accel-Redirect: @timeout", "X-Accel-Limit-Rate: 1", "X-Accel-Buffering: no", "X-Accel-Charset: utf-7", "X-Accel-Expires: 3600",
        "X-Sendfile: /etc/hostname", "X-LIGHTTPD-send-file: /etc/hostname", "X-Reproxy-URL: http://127.0.0.1/commanded", "Status: 404 Not Found",
      ];
      for (const command of commands) {
        const before = world.mailcow.seen.length;
        const { reply, seen } = await world.reach({ target: answering([command]) });
        expect({ command, status: reply.status, body: reply.body.toString(), seen: world.mailcow.seen.slice(before) }).toEqual({ command, status: 200, body: "stand-in-for-mailcow", seen: [seen] });
      }
    },
  },
  {
    name: "statuses and bodies of mailcow pass",
    async run(world) {
      for (const code of [200, 201, 207, 304, 400, 401, 403, 404, 409, 413, 421, 423, 500, 502, 503, 504, 507]) {
        const { reply } = await world.reach({ target: `/status?code=${code}` });
        expect({ code: reply.status, body: code === 304 ? "" : reply.body.toString() }).toEqual({ code, body: code === 304 ? "" : "stand-in-for-mailcow" });
      }
    },
  },
  {
    name: "Strict-Transport-Security exactly once, mailcow's own or the described one",
    async run(world) {
      const wanted = world.site.tls.hsts ?? strictTransportSecurity;
      for (const target of ["/", "/status?code=404", "/status?code=500", "/redirect", "/SOGo/x"]) {
        const { reply } = await world.reach({ target });
        expect({ target, values: values(reply, "strict-transport-security") }).toEqual({ target, values: [wanted] });
      }
      await world.http2({}, async (request, authority) => {
        const reply = await request({ ":path": "/", ":authority": authority });
        expect(values(reply, "strict-transport-security")).toEqual([wanted]);
      });
    },
  },
  {
    name: "a described Strict-Transport-Security is on the proxy's own answers too, and not on plain http",
    when: ({ site, variant }) => site.tls.hsts !== undefined && variant.access,
    async run(world) {
      const wanted = [world.site.tls.hsts];
      const refused = await world.keptOut({ target: "/rspamd", client: stranger.v4 });
      expect({ status: refused.status, values: values(refused, "strict-transport-security") }).toEqual({ status: 403, values: wanted });
      await world.mailcow.stop();
      const down = await world.ask({ target: "/down" }).finally(() => world.mailcow.start());
      expect([502, 503]).toContain(down.status);
      expect(values(down, "strict-transport-security")).toEqual(wanted);
      expect(values(await world.ask({ scheme: "http", target: "/x" }), "strict-transport-security")).toEqual([]);
    },
  },
  {
    name: "no version in what mailcow answers",
    async run(world) {
      for (const target of ["/", "/status?code=404", "/status?code=502", "/redirect"]) expectNoVersion(target, (await world.reach({ target })).reply);
      const token = world.mark();
      expectNoVersion("challenge", await world.ask({ scheme: "http", target: `/.well-known/acme-challenge/${token}` }));
    },
  },
  {
    name: "no version in what the proxy answers itself",
    async run(world) {
      expectNoVersion("redirect", await world.ask({ scheme: "http" }));
      expectNoVersion("421", await world.ask({ host: "unknown.example.net" }));
      expectNoVersion("400, no Host", await world.ask({ host: null }));
      expectNoVersion("400, two Hosts", await world.ask({ headers: [["Host", "x.example.net"]] }));
      if (world.variant.access) expectNoVersion("403", await world.ask({ target: "/rspamd", client: stranger.v4 }));
      await world.http2({}, async (request) => expectNoVersion("421 over HTTP/2", await request({ ":path": "/", ":authority": "unknown.example.net" })));
    },
  },
];
