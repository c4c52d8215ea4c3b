/** mailcow by the name of its container: the proxy starts without an address, follows it to another one, and does all the rest of the contract. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Check } from "./contract/check.ts";
import { asTest } from "./limits.ts";
import { connections } from "./contract/connections.ts";
import { expectDown, failure } from "./contract/failure.ts";
import { headers } from "./contract/headers.ts";
import { path } from "./contract/path.ts";
import { responseHeaders } from "./contract/response-headers.ts";
import { isMachines, platform, renderValid } from "./world/description.ts";
import { variants } from "./world/variants.ts";
import { ensureAddress, openWorld, sleep, type World } from "./world/world.ts";

const container = "nginx-mailcow";
/** The container's address, and the one that it gets later. */
const [first, second] = ["172.22.1.40", "172.22.1.41"] as const;
/** How long a proxy may take to see a new address, in milliseconds. */
const patience = 30_000;
const challenge = { scheme: "http", target: "/.well-known/acme-challenge/token" } as const;
const requests = [{ target: "/down" }, { target: "/SOGo/down" }, challenge];

const [minimal] = variants;
if (minimal === undefined) throw new Error("there is no variant");

/** For any platform, which all older servers can do, and for the one that the servers are of. */
const descriptions = (isMachines ? [undefined, "debian-12"] : [platform]).map((named) => ({
  title: named ?? "any platform",
  description: `hostname: mail.example.org\nproxy: { upstream: { address: ${container} } }\n${named === undefined ? "" : `platform: ${named}\n`}`,
}));

/** Both listeners of the proxy reach mailcow in time, and at the end of that time without a relapse. */
async function expectBack(world: World): Promise<void> {
  const deadline = Date.now() + patience;
  for (const ask of [{ target: "/back" }, challenge]) {
    let status = 0;
    while (status !== 200 && Date.now() < deadline) {
      ({ status } = await world.ask(ask));
      if (status !== 200) await sleep(200);
    }
    expect({ ask, status }).toEqual({ ask, status: 200 });
  }
  // Each worker of a server may remember the old address for 10 seconds by itself.
  await sleep(11_000);
  for (let index = 0; index < 20; index++) expect((await world.ask({ target: "/SOGo/back" })).status).toBe(200);
}

for (const { title, description } of descriptions) {
  describe(`mailcow in a container, ${title}`, () => {
    let world: World;
    const { site } = renderValid(description);
    const applies = ({ when }: Check) => when === undefined || when({ variant: { ...minimal, description }, site });

    beforeAll(async () => {
      for (const address of [first, second]) ensureAddress({ address, family: 4 });
      world = await openWorld({ ...minimal, description, mailcowAt: first });
    });
    // A world that did not open has nothing to close.
    afterAll(() => (world as World | undefined)?.close());

    describe("failure", () => {
      test("the name is unknown at the start, and known later", async () => {
        expect(world.failures).toEqual([]);
        // nginx with resolve says that the name has no address, which is the truth.
        expect(world.running.complaintsAtStart.filter((line) => !line.includes(`${container} could not be resolved`))).toEqual([]);
        await expectDown(world, requests);
        world.resolver?.point(container, first);
        await expectBack(world);
      });
    });

    // The other description differs in how it follows the name.
    if (title === descriptions[0]?.title) for (const [row, checks] of [["path and query", path], ["headers to mailcow", headers], ["response headers", responseHeaders], ["connections", connections]] as const) {
      describe(row, () => {
        for (const check of checks.filter(applies)) test(...asTest(row, check, { variant: { ...minimal, description }, site }, async () => check.run(world)), check.limit);
      });
    }

    describe("failure", () => {
      // Those that stop mailcow start it where mailcow.conf says.
      for (const check of failure.filter(({ when }) => when === undefined)) test(...asTest("failure", check, { variant: { ...minimal, description }, site }, async () => check.run(world)), check.limit);

      test("the container comes back with another address", async () => {
        await world.mailcow.stop();
        world.resolver?.point(container);
        await expectDown(world, requests);
        await world.mailcow.start(second);
        world.resolver?.point(container, second);
        await expectBack(world);
      });

      test("the container gets another address while its name stays", async () => {
        await world.mailcow.stop();
        world.resolver?.point(container, first);
        await world.mailcow.start(first);
        await expectBack(world);
      });
    });
  });
}

describe("TLS", () => {
  describe("to mailcow by a name, verified", () => {
    let world: World;

    beforeAll(async () => {
      ensureAddress({ address: first, family: 4 });
      world = await openWorld({ ...minimal, otherNames: [], mailcowAt: first, description: `
hostname: mail.example.org
mail_domains: []
proxy: { upstream: { scheme: https, address: ${container}, verify: /etc/ssl/mailcow-ca.pem, resolver: 127.0.0.53 } }
` });
      world.resolver?.point(container, first);
      await expectBack(world);
    });
    afterAll(() => (world as World | undefined)?.close());

    test("mailcow's certificate is checked for the hostname, not for the container's name", async () => {
      expect((await world.reach({ target: "/verified" })).seen.listener).toBe("https");
      // mailcow closes its connections, so that the next request makes one.
      await world.mailcow.stop();
      world.mailcow.present(world.authority.issue([container, "other.example.net"]));
      await world.mailcow.start(first);
      expect([500, 502, 503]).toContain((await world.ask({ target: "/impostor" })).status);
    });
  });
});
