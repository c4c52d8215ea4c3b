/** mailcow stops, and comes back. */
import { describe, expect, test } from "vitest";
import { until } from "../../systems/world/output.ts";
import { startPostfix } from "../../systems/world/postfix.ts";
import { run } from "../../wire/world/command.ts";
import { families, proxyAddresses, senderAddress, through } from "../world/network.ts";
import { loggedIn, serviceOf, services } from "../world/services.ts";
import { Session } from "../world/session.ts";
import type { World } from "../world/world.ts";

/** Another mail server, which knows mailcow by the proxy's address. */
const senderCf = `
myhostname = mail.example.net
relayhost = [${proxyAddresses[4]}]:25
smtp_bind_address = ${senderAddress}
smtp_dns_support_level = disabled
smtp_host_lookup = native
`;

export function failure(world: () => World): void {
  describe("failure", () => {
    test("while mailcow is stopped, clients are turned away; other servers keep their mail, and it arrives when mailcow is back", async () => {
      const { mailcow } = world();
      const sender = await startPostfix("sender", senderCf);
      try {
        sender.send("alice@example.net", "me@example.org");
        expect(await sender.delivery("me@example.org")).toContain("status=sent");
        await mailcow.stop();
        for (const recipient of ["one@example.org", "two@example.org"]) sender.send("alice@example.net", recipient);
        const turnedAway = await Promise.all(services.map(async ({ port }) => {
          const began = Date.now();
          const session = await Session.open({ ...through(6), port });
          await session.end();
          return { seconds: (Date.now() - began) / 1000, said: session.pending };
        }));
        for (const { seconds, said } of turnedAway) {
          expect(said).toBe("");
          expect(seconds).toBeLessThan(10);
        }
        for (const recipient of ["one@example.org", "two@example.org"]) expect(await sender.delivery(recipient)).toMatch(/dsn=4\.\S+, status=deferred/);
        await mailcow.start();
        await Promise.all(families.flatMap((family) => services.map(async (service) => (await loggedIn(service, through(family))).close())));
        run("postqueue", "-c", sender.folder, "-f");
        for (const recipient of ["one@example.org", "two@example.org"]) {
          await until(`the delivery to ${recipient}`, () => new RegExp(`to=<${recipient}>, relay=198\\.51\\.100\\.1\\[.*status=sent \\(250`).test(sender.log));
        }
        expect(sender.log).not.toMatch(/status=bounced|status=expired/);
      } finally {
        await sender.stop();
      }
    });

    test("while mailcow's host does not answer at all, clients are turned away, too", async () => {
      const { host } = world();
      const service = serviceOf("imap");
      host.vanish();
      try {
        const session = await Session.open({ ...through(4), port: service.port });
        await session.end(40);
        expect(session.pending).toBe("");
      } finally {
        host.comeBack();
      }
      (await loggedIn(service, through(4))).close();
    });
  });
}
