/** mailcow's limits for a client count for that client alone. */
import { describe, expect, test } from "vitest";
import { connectionsOfOne } from "../world/mailcow-configuration.ts";
import { families, through } from "../world/network.ts";
import { serviceOf } from "../world/services.ts";
import { Session } from "../world/session.ts";

export function limits(): void {
  describe("limits", () => {
    test.each(families)("two clients count apart, IPv%s", async (family) => {
      const { port } = serviceOf("submission");
      const open = (client: 0 | 1) => Session.open({ ...through(family, client), port });
      const sessions: Session[] = [];
      for (let count = 0; count < connectionsOfOne; count++) {
        const session = await open(0);
        sessions.push(session);
        await session.expect(/^220 .*\r\n/m);
      }
      const [oneTooMany, other] = [await open(0), await open(1)];
      sessions.push(oneTooMany, other);
      expect(await oneTooMany.expect(/^\d{3} .*\r\n/m)).toMatch(/^421 .*too many connections/);
      expect(await other.expect(/^\d{3} .*\r\n/m)).toMatch(/^220 /);
      for (const session of sessions) session.close();
    });
  });
}
