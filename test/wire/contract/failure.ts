/** mailcow down: a 502 or 503 within 5 s; mailcow back: served again within 10 s, no reload. */
import { expect } from "vitest";
import { attempt, run } from "../world/command.ts";
import { proxyId } from "../world/description.ts";
import { values } from "../world/reply.ts";
import { sleep, type World } from "../world/world.ts";
import { type Check, ofServer } from "./check.ts";

const requests = [{ target: "/down" }, { target: "/SOGo/down" }, { target: "/down", method: "POST", body: "x" }, { target: "/Microsoft-Server-ActiveSync", method: "OPTIONS" }];

/** A 502 or 503 within five seconds, without a version, for each of the requests. */
export async function expectDown(world: World, asks: readonly Parameters<World["ask"]>[0][]): Promise<void> {
  for (const ask of asks) {
    const started = Date.now();
    const reply = await world.ask(ask);
    expect([502, 503], `${ask.target} ${reply.status}`).toContain(reply.status);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(values(reply, "server").filter((text) => /\d/.test(text))).toEqual([]);
  }
}

/** Served again within ten seconds, and from then on without a relapse. */
async function expectBack(world: World): Promise<void> {
  const deadline = Date.now() + 10_000;
  let status = 0;
  while (status !== 200 && Date.now() < deadline) {
    // A server that meets the end of a kept connection to mailcow may end the client's as well.
    ({ status } = await world.ask({ target: "/back" }).catch(() => ({ status: 0 })));
    if (status !== 200) await sleep(200);
  }
  expect(status).toBe(200);
  for (let index = 0; index < 10; index++) expect((await world.ask({ target: "/SOGo/back" })).status).toBe(200);
}

export const failure: readonly Check[] = [
  {
    name: "mailcow stopped, then started",
    when: ({ variant }) => variant.failure === true,
    async run(world) {
      await world.reach({ target: "/up" });
      await world.mailcow.stop();
      try {
        await expectDown(world, requests);
        const challenge = await world.ask({ scheme: "http", target: "/.well-known/acme-challenge/token" });
        // A hosting panel answers the challenge itself, and the rest of plain http with a redirect.
        expect(world.variant.panel === "nginx" ? [301] : [502, 503]).toContain(challenge.status);
        // Long enough for whatever a server remembers of a failed host.
        await sleep(2_500);
        await expectDown(world, requests);
      } finally {
        await world.mailcow.start();
      }
      await expectBack(world);
    },
  },
  {
    name: "mailcow restarted under kept connections",
    when: ({ variant }) => variant.failure === true,
    async run(world) {
      for (let index = 0; index < 5; index++) await world.reach({ target: "/before" });
      await world.mailcow.cut();
      await world.mailcow.start();
      await expectBack(world);
    },
  },
  {
    name: "mailcow's host gone silent",
    when: ({ variant, site }) => variant.failure === true && site.proxy.upstream.main.address === "10.0.0.5",
    async run(world) {
      await world.reach({ target: "/up" });
      await world.mailcow.stop();
      // Packets to it are dropped, without an answer.
      run("ip", "addr", "del", "10.0.0.5/32", "dev", "lo");
      run("ip", "route", "add", "10.0.0.5/32", "dev", "lo", "scope", "link");
      try {
        const started = Date.now();
        const reply = await world.ask({ target: "/silent" });
        expect(Date.now() - started).toBeGreaterThan(500);
        // Traefik tells a silent host from one that refuses.
        expect(ofServer({ nginx: [502, 503], apache: [502, 503], haproxy: [502, 503], caddy: [502, 503], traefik: [504] })).toContain(reply.status);
        expect(Date.now() - started).toBeLessThan(5_000);
      } finally {
        attempt("ip", "route", "del", "10.0.0.5/32", "dev", "lo");
        run("ip", "addr", "add", "10.0.0.5/32", "dev", "lo");
        await world.mailcow.start();
      }
      await expectBack(world);
    },
  },
  {
    name: "a slow answer is waited for",
    async run(world) {
      const { reply } = await world.reach({ target: "/hold?ms=3000" });
      expect({ status: reply.status, body: reply.body.toString() }).toEqual({ status: 200, body: "held" });
    },
  },
  ...([["a response with a length", "/cut?length=1"], ["a chunked response", "/cut"]] as const).map(([kind, target]): Check => ({
    name: `${kind} that breaks off is not passed on as whole`,
    async run(world) {
      // A server that has not passed on anything yet may close the connection.
      const reply = await world.ask({ target }).catch((error: unknown) => String(error));
      if (typeof reply === "string") expect(reply).toContain("closed without a response");
      else expect({ target, status: reply.status, complete: reply.complete }).toEqual({ target, status: 200, complete: false });
      // HAProxy 2.6 ends such a chunked response like any other over HTTP/2; with a length the client sees it.
      if (proxyId !== "haproxy" || target !== "/cut") {
        await world.http2({}, async (request, authority) => {
          const result = await request({ ":path": target, ":authority": authority }).then(({ complete }) => (complete ? "whole" : "broken"), () => "broken");
          expect({ target, result }).toEqual({ target, result: "broken" });
        });
      }
      await world.reach({ target: "/afterwards" });
    },
  })),
];
