/** 3650 s on /SOGo and /Microsoft-Server-ActiveSync; the server's usual guard against slow clients everywhere. */
import { expect } from "vitest";
import { sleep, type World } from "../world/world.ts";
import type { Check } from "./check.ts";

/** Beyond the 60 s of nginx, the 50 s of Debian's HAProxy and mailcow's own 65 s. With --long all that is promised. */
const long = process.env["WIRE_LONG"] === "1";
const held = long ? 3_600_000 : 70_000;
const heldElsewhere = long ? 290_000 : 70_000;
const atLatest = 66_000;

async function expectHeld(world: World, path: string, milliseconds: number): Promise<void> {
  const started = Date.now();
  const connection = await world.connect();
  try {
    connection.send(world.bytes({ target: `${path}?ms=${milliseconds}` }));
    const reply = await connection.receive("GET", milliseconds + 5_000);
    expect({ path, status: reply.status, body: reply.body.toString() }).toEqual({ path, status: 200, body: "held" });
    expect(Date.now() - started).toBeGreaterThanOrEqual(milliseconds - 50);
  } finally {
    connection.close();
  }
}

/** Sends a request's bytes one a second and expects the server to lose patience before the request is whole. */
async function expectImpatience(world: World, scheme: "http" | "https"): Promise<void> {
  const connection = await world.connect({ scheme });
  const request = world.bytes({ scheme, target: `/${"slow".repeat(40)}` });
  const closed = connection.closed.then(() => "closed" as const);
  try {
    const started = Date.now();
    for (let index = 0; Date.now() - started < atLatest && index < request.length; index++) {
      connection.send(request.subarray(index, index + 1));
      if ((await Promise.race([closed, sleep(1_000)])) === "closed") return;
    }
    throw new Error(`the connection is still open after ${atLatest / 1000} s without a whole request`);
  } finally {
    connection.close();
  }
}

export const time: readonly Check[] = [
  {
    // mailcow closes them after 65 s, and a request that meets that is lost.
    name: "connections to mailcow that were idle for 50 s are not used again",
    background: true,
    async run(world) {
      const burst = async () => {
        const mark = world.mark();
        const replies = await world.http2({}, (request, authority) => Promise.all(
          Array.from({ length: 30 }, () => request({ ":path": `/hold?ms=500&${mark}`, ":authority": authority })),
        ));
        expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
        return new Set(world.mailcow.soFar(mark).map((seen) => seen.connection));
      };
      const first = await burst();
      expect(first.size).toBeGreaterThan(10);
      await sleep(52_000);
      // More connections than the checks in between have kept busy.
      const second = await burst();
      expect(second.size).toBeGreaterThan(10);
      expect(world.mailcow.longestIdleBeforeReuse).toBeGreaterThan(0);
      expect(world.mailcow.longestIdleBeforeReuse).toBeLessThan(50_000);
    },
  },
  ...([["/SOGo/hold", held], ["/SOGo/so/deep/hold", held], ["/Microsoft-Server-ActiveSync/hold", held], ["/hold", heldElsewhere]] as const).map(([path, milliseconds]): Check => ({
    name: `${path} is held for ${milliseconds / 1000} s`,
    background: true,
    limit: milliseconds + 60_000,
    run: (world) => expectHeld(world, path, milliseconds),
  })),
  ...(["http", "https"] as const).map((scheme): Check => ({
    name: `a client that sends a byte a second on ${scheme} is cut off`,
    background: true,
    limit: atLatest + 60_000,
    run: (world) => expectImpatience(world, scheme),
  })),
  {
    name: "a hundred slow clients do not keep others waiting",
    async run(world) {
      const slow = await Promise.all(Array.from({ length: 100 }, (_, index) => world.connect({ scheme: index % 2 === 0 ? "http" : "https" })));
      try {
        for (const connection of slow) connection.send("GET / HTTP/1.1\r\nHos");
        const started = Date.now();
        for (let index = 0; index < 10; index++) await world.reach({ target: "/quick" });
        expect(Date.now() - started).toBeLessThan(3_000);
      } finally {
        for (const connection of slow) connection.close();
      }
    },
  },
];
