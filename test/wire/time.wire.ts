/** The long paths outlast the server's ordinary time-out, which is scaled down here rather than waited for. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proxy } from "./world/proxy.ts";
import { variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const [seconds, later] = [2, 5];

describe("time", () => {
  let world: World;
  let replaced = 0;
  const [minimal] = variants;

  beforeAll(async () => {
    if (minimal === undefined) throw new Error("there is no variant");
    const adjust = (content: string) => content.replace(proxy.ordinaryTimeout, (found) => {
      replaced++;
      return found.replace("300", String(seconds));
    });
    world = await openWorld({ ...minimal, description: `${minimal.description}other_sites: [cloud.example.org]\n`, adjust });
  });
  // A world that did not open has nothing to close.
  afterAll(() => (world as World | undefined)?.close());

  test("there is an ordinary time-out", async () => {
    expect(replaced).toBeGreaterThan(0);
    const started = Date.now();
    // Apache calls it an error of reading.
    expect([502, 504]).toContain((await world.ask({ target: `/hold?ms=${later * 1000}` })).status);
    expect(Date.now() - started).toBeGreaterThanOrEqual(seconds * 1000 - 100);
    expect(Date.now() - started).toBeLessThan(later * 1000);
  });

  test("other sites outlast it", async () => {
    const { reply } = await world.reach({ host: "cloud.example.org", sni: "cloud.example.org", target: `/hold?ms=${later * 1000}` });
    expect([reply.status, reply.body.toString()]).toEqual([200, "held"]);
  });

  test("the long paths outlast it, over HTTP/1.1 and HTTP/2", async () => {
    const paths = ["/SOGo/hold", "/SOGo/so/deep/hold", "/Microsoft-Server-ActiveSync/hold"].map((path) => `${path}?ms=${later * 1000}`);
    const over1 = paths.map(async (target) => (await world.reach({ target })).reply);
    const over2 = paths.map((path) => world.http2({}, (request, authority) => request({ ":path": path, ":authority": authority })));
    const replies = await Promise.all([...over1, ...over2]);
    expect(replies.map(({ status, body }) => ({ status, body: body.toString() }))).toEqual(replies.map(() => ({ status: 200, body: "held" })));
  });
});
