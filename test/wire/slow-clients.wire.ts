/** Clients that never finish their TLS handshake, as many as a server has workers, beside a site that comes first. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { variants } from "./world/variants.ts";
import { openWorld, sleep, type World } from "./world/world.ts";

/** Apache has 150 workers, which all sites share. */
const silent = 160;

describe("time", () => {
  let world: World;
  const [minimal] = variants;

  beforeAll(async () => {
    if (minimal === undefined) throw new Error("there is no variant");
    // Before the name is known, the settings of a port's first site hold.
    world = await openWorld({ ...minimal, neighbour: true });
  });
  // A world that did not open has nothing to close.
  afterAll(() => (world as World | undefined)?.close());

  test(`${silent} unfinished TLS handshakes hold others up for ten seconds at most`, async () => {
    const { host, port, from } = world.route();
    const sockets = Array.from({ length: silent }, () => connect({ host, port, localAddress: from }));
    try {
      for (const socket of sockets) socket.on("error", () => undefined).write(Buffer.from([0x16, 0x03, 0x01]));
      await sleep(1_000);
      const answer = world.ask({ target: "/others" }).then(({ status }) => status);
      expect(await Promise.race([answer, sleep(10_000).then(() => "not within ten seconds")])).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});
