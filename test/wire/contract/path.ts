/** Path and query reach mailcow byte for byte. */
import { expect } from "vitest";
import { type Check, countsAsDots, differences, hasAccessRules } from "./check.ts";

const targets = [
  "/a%2Fb", "/a//b", "//a", "///", "/~", "/a;p=1;q=%3B", "/%25", "/%252F", "/%25252F", "/a%5Cb", "/a%3Fb", "/a%23b", "/a+b", "/a%2Bb", "/a:b@c,d$e!f*(g)'",
  "/?", "/?q=%20+\"", "/a?b?c", "/?a=/../b", "/?a=//b%2F", "/?a[]=1&a[]=2", "/?%0d%0a", "/?&&==", "/?q=%C3%BC", "/%C3%BC", "/%E2%82%AC", "/a%0D%0Ab", "/a%09b", "/%", "/%zz",
  "/$host", "/$1", "/%25HTTP_HOST%25", "/$%7Bx%7D", "/SOGo/dav/user%40example.org/Calendar/personal/", "/.well-known/caldav", "/.well-known/acme-challenge/x",
  "/Microsoft-Server-ActiveSync?User=a%40b.c&DeviceId=1&Cmd=Ping",
];
/** What the distributions' stock configurations keep for themselves or for local users. */
const stock = [
  "/server-status", "/server-info", "/nginx_status", "/icons/", "/icons/blank.gif", "/cgi-bin/x", "/manual/", "/javascript/x.js", "/.htaccess", "/.htpasswd", "/.git/config", "/index.html", "/x.var", "/error/",
  "/~user/", "/haproxy?stats",
];
const dotted = ["/a/../b", "/a/./b", "/a/..", "/a/..%2Fb", "/a/b/..", "/a/..;/b"];
/** Those that RFC 3986 (6.2.2) has another spelling for, which means the same. */
const otherSpellings = ["/%53OGo/x", "/a%2fb", "/%7e", "/%c3%bc", "/a%0d%0ab", "/a%3bb"];
const otherDots = ["/a/%2e%2e/b", "/a/%2E/b", "/a/.%2e/b", "/a/..%2fb"];
/** Characters that a path may not have as they are. */
const illegal = ["/%25{HTTP_HOST}e", "/a|b", "/a^b", "/a`b", "/a\"b", "/<a>", "/a\\b"];

/** Targets that are no path of RFC 3986, which a server may refuse. */
const doubtful = new Set(["/%", "/%zz", "/?a[]=1&a[]=2"]);

export const path: readonly Check[] = [
  ...([
    ["ordinary and odd ones", targets], ["those of stock configurations", stock], ["escapes that could be written otherwise", otherSpellings], ["characters that should be escaped", illegal],
    ["a semicolon in a query", ["/?a=1;b=2", "/?;"]],
  ] as const).map(([name, list]): Check => ({
    name,
    async run(world) {
      const found: Record<string, unknown> = {};
      const wanted: Record<string, unknown> = {};
      for (const target of list) {
        const mark = world.mark();
        const marked = `${target}${target.includes("?") ? "&" : "?"}${mark}`;
        const reply = await world.ask({ target: marked });
        if (doubtful.has(target) && reply.status === 400) continue;
        wanted[target] = countsAsDots(world, target) ? { status: 403, seen: [] } : { status: 200, seen: [marked] };
        found[target] = { status: reply.status, seen: world.mailcow.soFar(mark).map((seen) => seen.target) };
      }
      expect(Object.keys(wanted).length).toBeGreaterThanOrEqual(list.length - doubtful.size);
      expect(differences(found, wanted)).toEqual([]);
    },
  })),
  {
    name: "a query that is empty, and none",
    async run(world) {
      for (const target of ["/", "/?", "/a", "/a?", "/a/?"]) {
        const before = world.mailcow.seen.length;
        expect((await world.ask({ target })).status).toBe(200);
        expect(world.mailcow.seen.slice(before).map((seen) => seen.target)).toEqual([target]);
      }
    },
  },
  ...([["dot segments", dotted], ["dot segments with escapes that could be written otherwise", otherDots]] as const).map(([name, list]): Check => ({
    name,
    when: (world) => !hasAccessRules(world),
    async run(world) {
      for (const target of list) {
        const { seen, target: sent } = await world.reach({ target });
        expect(seen.target).toBe(sent);
      }
    },
  })),
  ...([
    ["over HTTP/2", targets, dotted], ["escapes that could be written otherwise, over HTTP/2", otherSpellings, otherDots], ["characters that should be escaped, over HTTP/2", illegal, []],
  ] as const).map(([name, list, dots]): Check => ({
    name,
    async run(world) {
      await world.http2({}, async (request, authority) => {
        for (const target of [...list, ...(hasAccessRules(world) ? [] : dots)]) {
          if (doubtful.has(target) || countsAsDots(world, target)) continue;
          const mark = world.mark();
          const marked = `${target}${target.includes("?") ? "&" : "?"}${mark}`;
          const { status } = await request({ ":path": marked, ":authority": authority });
          expect({ status, seen: world.mailcow.soFar(mark).map((seen) => seen.target) }).toEqual({ status: 200, seen: [marked] });
        }
      });
    },
  })),
  {
    name: "7000 characters",
    async run(world) {
      for (const target of [`/${"p".repeat(7_000)}`, `/?${"q".repeat(7_000)}`]) {
        const { seen, target: sent } = await world.reach({ target });
        expect(seen.target === sent).toBe(true);
      }
    },
  },
];
