/** Sessions that last: many at once, through a reload of the proxy, and without a word for a long time. */
import { describe, expect, test } from "vitest";
import { families, through } from "../world/network.ts";
import { answers, loggedIn, serviceOf, services } from "../world/services.ts";
import type { Session } from "../world/session.ts";
import type { World } from "../world/world.ts";

const many = 2000;
/** Logins at the same time. */
const atOnce = 40;

const pause = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000));

export function lasting(world: () => World): void {
  describe("sessions", () => {
    test(`${many} of IMAP are held at once, and a reload ends none`, async () => {
      const service = serviceOf("imaps");
      const sessions: Session[] = [];
      const open = async (worker: number) => {
        for (let count = worker; count < many; count += atOnce) sessions.push(await loggedIn(service, through(count % 2 === 0 ? 4 : 6)));
      };
      await Promise.all(Array.from({ length: atOnce }, (_, worker) => open(worker)));
      const alive = async () => (await Promise.all(sessions.map((session) => answers(session, service)))).filter(Boolean).length;
      expect(await alive()).toBe(many);
      await world().proxy.reload();
      expect(await alive()).toBe(many);
      for (const session of sessions) session.close();
    }, 300_000);
  });

  describe("reload", () => {
    test("ends no session of any port, and refuses none that begins then", async () => {
      const open = () => Promise.all(families.flatMap((family) => services.map(async (service) => ({ service, session: await loggedIn(service, through(family)) }))));
      const before = await open();
      const imap = serviceOf("imap");
      const inTurn = async () => {
        const sessions = [];
        for (let count = 0; count < 20; count++) sessions.push({ service: imap, session: await loggedIn(imap, through(4)) });
        return sessions;
      };
      const [meanwhile] = await Promise.all([inTurn(), world().proxy.reload()]);
      const after = await open();
      for (const { service, session } of [...before, ...meanwhile, ...after]) {
        expect(await answers(session, service)).toBe(true);
        session.close();
      }
    });
  });

  describe("time", () => {
    test("with limits in seconds instead of minutes, a session without a word outlives those that are not for it", async () => {
      const service = serviceOf("imaps");
      const { proxy } = world();
      await proxy.scaleLimits();
      const sessions = await Promise.all(families.map((family) => loggedIn(service, through(family))));
      await pause(5);
      for (const session of sessions) expect(await answers(session, service)).toBe(true);
      if (proxy.ends !== undefined) {
        await pause(proxy.ends + 2);
        expect(sessions.map(({ ended }) => ended)).toEqual([true, true]);
      }
      for (const session of sessions) session.close();
    });
  });
}
