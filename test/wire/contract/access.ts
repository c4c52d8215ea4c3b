/** An access rule holds however the path is written. */
import { expect } from "vitest";
import { exchange } from "../world/client.ts";
import { lines } from "../world/clients.ts";
import { answering } from "../world/mailcow-site.ts";
import { value } from "../world/reply.ts";
import { administrator, client, outer, stranger, untrusted } from "../world/variants.ts";
import { sleep } from "../world/world.ts";
import { type Check, countsAsDots, hasAccessRules } from "./check.ts";

/** Ways to write a path below /rspamd, or one that a server behind could take for it. */
const disguises = [
  "/rspamd", "/rspamd/", "/rspamd/x", "/rspamd?x", "/rspamd/?x=/../y", "/rspamd.", "/rspamd/.", "/rspamd/..", "/rspamd/../SOGo/", "/rspamd.php", "/rspamdx",
  "/RSPAMD", "/Rspamd/X", "/rSpAmD", "//rspamd", "///rspamd/", "/rspamd//", "/rspamd;x", "/rspamd;x=1/y", "/;/../rspamd", "/rspamd%3b", "/rspamd%20", "/rspamd+", "/rspamd%2f", "/rspamd%2Fx", "/rspamd%3fx", "/rspamd%23x", "/rspamd%09",
  "/%72spamd", "/%72%73%70%61%6d%64", "/%52SPAMD", "/r%73pamd/stat", "/%2frspamd", "/%2Frspamd", "/%2f%2frspamd", "//%2f/rspamd", "/rspam%64", "/rspam%44",
  "/./rspamd", "/.//rspamd", "/x/../rspamd", "/x/y/../../rspamd", "/%2e/rspamd", "/x/%2e%2e/rspamd", "/x/.%2e/rspamd", "/x/%2E%2e/rspamd", "/x/..%2frspamd", "/x/..%2Frspamd", "/x%2f..%2frspamd", "/x%2f%2e%2e%2frspamd", 
  "/x/..//rspamd", "/%7Bx/../rspamd/%7D", "/x//../rspamd", "/a/./b/../../rspamd", "/x/..", "/.",
];
/** These leave the root, or hold a character that no path has: a server may refuse them for that, as mailcow's does. */
const unpaths = ["/..%2frspamd", "/../rspamd", "/%2e%2e/rspamd", "/..", "/x/../../rspamd", "/rspamd%00", "/rspamd%0a", "/rspamd%5c", "/%00/../rspamd"];
/** Paths that name something else, here and for a mailcow that decodes once. */
const others = ["/rspam", "/rspam/d", "/x/rspamd", "/?/rspamd", "/?x=/../rspamd", "/a?/%2e%2e/rspamd", "/rsp/amd", "/%2572spamd", "/x%252f..%252frspamd", "/...", "/.../rspamd", "/..x/rspamd", "/x../rspamd", "/.rspamd", "/x;/rspamd", "/~rspamd"];

export const access: readonly Check[] = [
  {
    name: "no disguise helps",
    when: hasAccessRules,
    async run(world) {
      const found: Record<string, unknown> = {};
      const before = world.mailcow.seen.length;
      for (const [list, statuses] of [[disguises, [403]], [unpaths, [400, 403, 404]]] as const) {
        for (const target of list) {
          const { status } = await world.ask({ target, client: stranger.v4 });
          if (!(statuses as readonly number[]).includes(status)) found[target] = status;
        }
      }
      expect(found).toEqual({});
      expect(world.mailcow.seen.slice(before).filter(({ client: address }) => address === stranger.v4)).toEqual([]);
    },
  },
  {
    name: "no disguise helps over HTTP/2 or IPv6, nor in an absolute request line",
    when: hasAccessRules,
    async run(world) {
      for (const address of [stranger.v4, stranger.v6]) {
        await world.http2({ client: address }, async (request, authority) => {
          for (const target of disguises) expect([target, (await request({ ":path": target, ":authority": authority })).status]).toEqual([target, 403]);
          for (const target of unpaths) {
            const { status } = await request({ ":path": target, ":authority": authority }).catch(() => ({ status: 400 }));
            expect([400, 403, 404], target).toContain(status);
          }
        });
      }
      for (const target of [`https://${world.publicHost()}/rspamd`, `https://${world.publicHost()}//rspamd`, `http://${world.publicHost()}/x/../rspamd`, `HTTPS://${world.publicHost().toUpperCase()}/%72spamd`]) {
        expect([400, 403], target).toContain((await world.keptOut({ target, client: stranger.v4 })).status);
      }
    },
  },
  {
    name: "no method and no header helps",
    when: hasAccessRules,
    async run(world) {
      for (const method of ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"]) expect((await world.keptOut({ method, target: "/rspamd/", client: stranger.v4 })).status).toBe(403);
      for (const headers of [
        [["X-Original-URL", "/SOGo"]], [["X-Rewrite-URL", "/SOGo"]], [["X-Forwarded-For", administrator.v4]], [["X-Forwarded-For", "127.0.0.1"]], [["X-Real-IP", administrator.v4]],
        [["X-HTTP-Method-Override", "GET"]], [["Connection", "X-Forwarded-For"], ["X-Forwarded-For", administrator.v4]], [["Forwarded", `for=${administrator.v4}`]], [["Authorization", "Basic eDp4"]],
      ] as const) {
        expect((await world.keptOut({ target: "/rspamd/", client: stranger.v4, headers })).status).toBe(403);
      }
      for (const name of world.variant.otherNames) expect((await world.keptOut({ host: name, target: "/rspamd/", client: stranger.v4 })).status).toBe(403);
    },
  },
  {
    name: "no answer of mailcow's leads past it",
    when: hasAccessRules,
    async run(world) {
      const mark = world.mark();
      const commands = ["X-Accel-Redirect: /rspamd/", "X-Sendfile: /rspamd/", "X-Reproxy-URL: /rspamd/", "Content-Location: /rspamd/", "Link: </rspamd/>; rel=preload; as=style"].map((line) => line.replace("/rspamd/", `/rspamd/${mark}`));
      for (const command of commands) {
        expect((await world.ask({ target: answering([command]), client: stranger.v4 })).body.toString()).toBe("stand-in-for-mailcow");
      }
      // Apache pushes what a Link names.
      await world.http2({ client: stranger.v4 }, async (request, authority) => {
        for (const command of commands) expect((await request({ ":path": answering([command]), ":authority": authority })).status).toBe(200);
        await sleep(100);
      });
      expect(world.mailcow.soFar(`rspamd/${mark}`).filter(({ target }) => target.startsWith("/rspamd"))).toEqual([]);
    },
  },
  {
    name: "those who are allowed get in, by each family",
    when: hasAccessRules,
    async run(world) {
      for (const address of [administrator.v4, administrator.v6]) {
        for (const target of ["/rspamd", "/rspamd/", "/RSPAMD/x", "//rspamd", "/%72spamd", "/rspamd;x"]) {
          const { reply, seen, target: sent } = await world.reach({ target, client: address });
          // The row on paths is about the spelling.
          expect({ status: reply.status, target: decodeURIComponent(seen.target), client: seen.client }).toEqual({ status: 200, target: decodeURIComponent(sent), client: address });
        }
      }
      for (const address of [stranger.v4, stranger.v6, client.v4, client.v6]) expect((await world.keptOut({ target: "/rspamd/", client: address })).status).toBe(403);
    },
  },
  {
    name: "other paths stay open",
    when: hasAccessRules,
    async run(world) {
      for (const target of others.filter((one) => !countsAsDots(world, one))) {
        const { reply, seen, target: sent } = await world.reach({ target, client: stranger.v4 });
        expect({ target, status: reply.status, seen: seen.target }).toEqual({ target, status: 200, seen: sent });
      }
    },
  },
  {
    name: "rules hold each by itself, deeper paths too",
    when: ({ site }) => site.access.some(({ path }) => path === "/SOGo/so/admin"),
    async run(world) {
      for (const target of ["/SOGo/so/admin", "/sogo//so/admin/x", "/SOGo%2fso/ADMIN", "/SOGo/so%2Fadmin?x", "//SOGo/so/%61dmin", "/SOGo/so/./admin"]) {
        expect({ target, status: (await world.keptOut({ target, client: stranger.v4 })).status }).toEqual({ target, status: 403 });
      }
      expect((await world.reach({ target: "/SOGo/so/admin", client: administrator.v4 })).reply.status).toBe(200);
      // The second rule allows one family alone, the third somebody else.
      expect((await world.keptOut({ target: "/SOGo/so/admin", client: administrator.v6 })).status).toBe(403);
      expect((await world.keptOut({ target: "/rspamd/history", client: administrator.v4 })).status).toBe(403);
      expect((await world.reach({ target: "/rspamd/history", client: "192.0.2.80" })).reply.status).toBe(200);
      expect((await world.reach({ target: "/SOGo/so/other", client: stranger.v4 })).reply.status).toBe(200);
    },
  },
  {
    name: "a rule lets a whole family in, and not the other",
    when: ({ site }) => site.access.some(({ path }) => path === "/ipv4"),
    async run(world) {
      for (const [target, inside, outside] of [["/ipv4", "v4", "v6"], ["/ipv6", "v6", "v4"]] as const) {
        expect((await world.reach({ target, client: stranger[inside] })).reply.status).toBe(200);
        expect((await world.keptOut({ target, client: stranger[outside] })).status).toBe(403);
      }
    },
  },
  {
    name: "a rule on / covers everything on https and nothing of the challenge",
    when: ({ site }) => site.access.some(({ path }) => path === "/"),
    async run(world) {
      const outsider = "198.51.100.20";
      for (const target of ["/", "/SOGo/", "/x/../y", "/.well-known/acme-challenge/x", "/%2e"]) expect((await world.keptOut({ target, client: outsider })).status).toBe(403);
      // No path at all.
      for (const target of [`https://${world.publicHost()}`, `https://${world.publicHost()}?x`]) expect([400, 403], target).toContain((await world.keptOut({ target, client: outsider })).status);
      const token = world.mark();
      expect((await world.ask({ scheme: "http", target: `/.well-known/acme-challenge/${token}`, client: outsider })).body.toString()).toBe(`${token}.thumbprint`);
      expect((await world.ask({ scheme: "http", target: "/x", client: outsider })).status).toBe(301);
    },
  },
  {
    name: "plain http redirects protected paths like any other",
    when: hasAccessRules,
    async run(world) {
      for (const target of ["/rspamd/../x", "/rspamd/x"]) {
        const reply = await world.keptOut({ scheme: "http", target, client: stranger.v4 });
        expect({ status: reply.status, to: value(reply, "location")?.split("?")[0] }).toEqual({ status: 301, to: `https://${world.publicHost()}${target}` });
      }
      // A server may see no need for a redirect in an address that is one of https already.
      for (const target of [`https://${world.publicHost()}/rspamd/x`, `https://${world.publicHost()}:${world.site.proxy.publicHttpsPort}/rspamd/x`, `HTTPS://${world.publicHost()}/rspamd/x`]) {
        expect((await world.keptOut({ scheme: "http", target, client: stranger.v4 })).status, target).not.toBe(200);
      }
    },
  },
  {
    name: "what counts is the client behind the trusted proxy",
    when: ({ site, variant }) => variant.access && site.proxy.trustedProxies.length > 0 && !site.proxy.proxyProtocol.accept,
    async run(world) {
      const status = async (from: string, forwarded: string) =>
        (await exchange({ ...world.route(), from, prefix: undefined }, `GET /rspamd/ HTTP/1.1\r\nHost: ${world.publicHost()}\r\n${lines([["X-Forwarded-For", forwarded], ...world.schemeHeaders()])}\r\n`)).status;
      expect(await status(outer.v4, administrator.v4)).toBe(200);
      expect(await status(outer.v4, stranger.v4)).toBe(403);
      expect(await status(outer.v4, `${administrator.v4}, ${stranger.v4}`)).toBe(403);
      expect(await status(untrusted.v4, administrator.v4)).toBe(403);
      expect(await status(stranger.v4, administrator.v4)).toBe(403);
    },
  },
];
