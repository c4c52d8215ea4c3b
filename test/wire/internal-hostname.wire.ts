/** With an internal hostname and only some of the names for discovery, the proxy serves the other names and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asTest } from "./limits.ts";
import { renderValid } from "./world/description.ts";
import { value } from "./world/reply.ts";
import { type Variant, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const description = `
hostname: mailcow.internal.example.org
serve_hostname: false
mail_domains: [example.org]
discovery: [autodiscover]
additional_server_names: [mail.example.org]
proxy: { upstream: { scheme: https, verify: /etc/ssl/mailcow-ca.pem } }
`;
const [minimal] = variants;
if (minimal === undefined) throw new Error("there is no variant");
const variant: Variant = { ...minimal, description, otherNames: ["autodiscover.example.org"] };
const about = { variant, site: renderValid(description).site };
const served = ["mail.example.org", "autodiscover.example.org"];
const unserved = ["mailcow.internal.example.org", "mta-sts.example.org", "autoconfig.example.org"];

describe("names", () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld(variant);
  });
  // A world that did not open has nothing to close.
  afterAll(() => (world as World | undefined)?.close());

  test("it loads without a warning, with a certificate that lacks the hostname", () => {
    expect(world.failures).toEqual([]);
    expect(world.validation.status).toBe(0);
    expect(world.running.complaintsAtStart).toEqual([]);
  });

  test.each(served)("%s reaches mailcow, whose certificate lacks the hostname", async (host) => {
    const { seen } = await world.reach({ host, sni: host, target: "/SOGo/" });
    expect([seen.listener, value(seen, "host"), value(seen, "x-forwarded-host")]).toEqual(["https", host, host]);
  });

  test.each(served)("http://%s is redirected, and its challenge answered", async (host) => {
    const reply = await world.keptOut({ scheme: "http", host, target: "/SOGo/?a" });
    expect([reply.status, value(reply, "location")?.startsWith(`https://${host}/SOGo/?a`)]).toEqual([301, true]);
    expect((await world.reach({ scheme: "http", host, target: "/.well-known/acme-challenge/token" })).seen.listener).toBe("http");
  });

  test.each(unserved)("%s gets 421", async (host) => {
    expect((await world.keptOut({ host, sni: "mail.example.org" })).status).toBe(421);
    for (const target of ["/", "/.well-known/acme-challenge/token"]) {
      const reply = await world.keptOut({ scheme: "http", host, target });
      // On port 80, the stock configuration may answer for all other names.
      expect([421, world.stockAnswers.get(target)?.status]).toContain(reply.status);
    }
  });

  test(...asTest("names", { name: "they get 421 with their own TLS names, too" }, about, async () => {
    for (const host of unserved) expect((await world.keptOut({ host, sni: host })).status).toBe(421);
  }));

  test(...asTest("answers", { name: "a redirect to the hostname stays as it is" }, about, async () => {
    for (const [link, expected] of [["http://mail.example.org/x", "https://mail.example.org/x"], ["http://mailcow.internal.example.org/x", "http://mailcow.internal.example.org/x"]] as const) {
      expect(value(await world.ask({ target: `/redirect?to=${encodeURIComponent(link)}` }), "location")).toBe(expected);
    }
  }));
});
