/** Response headers up to 120 KB in all, 64 KB over HTTP/2 where the server's library stops there. */
import { expect } from "vitest";
import { proxyId } from "../world/description.ts";
import type { Reply } from "../world/reply.ts";
import type { Check } from "./check.ts";

/** nghttp2's limit, in Apache, counts names and 32 bytes a line as well. */
const overHttp2 = proxyId === "apache" ? [[60_000, 10]] as const : [[60_000, 10], [120_000, 20]] as const;

const fromSogo = ["/SOGo", "/Microsoft-Server-ActiveSync"];
/** Apache has 64 KB for one line where SOGo does not answer: a known limit in docs/contract.md. */
const fromAny = [...fromSogo, ""];

const filler = (reply: Reply) => reply.headers.filter(([name]) => /^x-filler-/i.test(name)).reduce((sum, [name, content]) => sum + name.length + content.length + 4, 0);

export const responseHeaders: readonly Check[] = [
  ...([
    [30_000, 5, fromAny], [120_000, 20, fromAny], [120_000, 90, fromAny], [120_000, 1, fromSogo], [60_000, 1, fromAny], [8000, 1, fromAny],
  ] as const).map(([bytes, lines, prefixes]): Check => ({
    name: `${bytes / 1000} KB in ${lines === 1 ? "one line" : `${lines} lines`}`,
    async run(world) {
      for (const prefix of prefixes) {
        const { reply } = await world.reach({ target: `${prefix}/headers?bytes=${bytes}&lines=${lines}` });
        expect({ prefix, status: reply.status, body: reply.body.toString() }).toEqual({ prefix, status: 200, body: "with headers" });
        expect(filler(reply)).toBeGreaterThan(bytes - 2 * lines);
      }
    },
  })),
  ...overHttp2.map(([bytes, lines]): Check => ({
    name: `${bytes / 1000} KB over HTTP/2`,
    async run(world) {
      await world.http2({}, async (request, authority) => {
        const reply = await request({ ":path": `/SOGo/headers?bytes=${bytes}&lines=${lines}`, ":authority": authority });
        expect({ status: reply.status, body: reply.body.toString() }).toEqual({ status: 200, body: "with headers" });
        expect(filler(reply)).toBeGreaterThan(bytes - 2 * lines);
      });
    },
  })),
];
