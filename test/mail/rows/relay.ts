/** Nobody relays without a login, and what a client says about itself does not help. */
import { describe, expect, test } from "vitest";
import { until } from "../../systems/world/output.ts";
import { encodeVersion1, encodeVersion2 } from "../../wire/world/proxy-protocol.ts";
import { clients, families, through } from "../world/network.ts";
import { type Service, loggedIn, relayed, relaying, secured, services } from "../world/services.ts";
import { Session } from "../world/session.ts";
import type { World } from "../world/world.ts";

/** Of mailcow's own network, which its Postfix trusts. */
const forged = { source: "172.22.1.99", sourcePort: 40_000, destination: "172.22.1.253", destinationPort: 25 };

/** What a server says that does not relay. */
const refusal = /^[45]\d\d .*(?:Relay access denied|Client host rejected|Protocol error|not recognized|bad syntax)/;

export function relay(world: () => World): void {
  describe("relay", () => {
    const each = families.flatMap((family) => relaying.map((service) => [`${service.title}, IPv${family}`, service, family] as const));

    test.each(each)("without a login it is refused: %s", async (_title, service, family) => {
      const { session } = await secured(service, through(family));
      expect(await relayed(session)).toMatch(refusal);
      session.close();
    });

    test.each(each.filter(([, service]) => service.port !== 25))("after a login it works: %s", async (_title, service, family) => {
      const session = await loggedIn(service, through(family));
      expect(await relayed(session)).toMatch(/^250 /);
      session.close();
    });

    describe.each([["version 1", encodeVersion1], ["version 2", encodeVersion2]] as const)("a client's own PROXY header, %s, tells mailcow nothing", (_version, encode) => {
      const all = families.flatMap((family) => services.map((service) => [`${service.title}, IPv${family}`, service, family] as const));

      test.each(all)("%s", async (_title, service, family) => {
        const log = world().mailcow.mark();
        const session = await Session.open({ ...through(family), port: service.port });
        session.send(encode(forged));
        const outcome = await attempted(session, service);
        session.close();
        if (service.container === "postfix-mailcow") expect(outcome).toMatch(/^(?:ended|[45]\d\d )/);
        await until(`a line about ${clients[family][0]}`, () => [`[${clients[family][0]}]`, `rip=${clients[family][0]},`].some((words) => log().includes(words)));
        expect(log()).not.toMatch(/\[172\.22\.1\.99\]|rip=172\.22\.1\.99/);
      });
    });
  });
}

/** What becomes of a session that began with something else than the protocol's own words: what is said to a mail, or that it ended. */
async function attempted(session: Session, service: Service): Promise<string> {
  try {
    if (service.tlsFirst) await session.secure();
    await session.expect(service.greeting);
    return service.container === "postfix-mailcow" ? await relayed(session) : "greeted";
  } catch {
    return "ended";
  }
}
