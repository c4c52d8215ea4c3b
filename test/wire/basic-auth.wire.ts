/** Paths with a name and a password of the proxy: asked for in every spelling of the path, and kept from mailcow. */
import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderValid } from "./world/description.ts";
import { value, values } from "./world/reply.ts";
import { administrator, stranger, variants } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const description = `
hostname: mail.example.org
mail_domains: [example.org]
access:
  - { path: /admin, allow: [${administrator.v4}] }
basic_auth:
  paths: [/rspamd, /admin/system, /server-status, /a.b]
  users:
    - "bob:$2y$05$FVA4SJgipbeU1o0Vm3NJ1O11hnqnJKUbvrbFR0YpgOHQoGxqfcs1W"
    - "alice:$2y$04$NVwg9Sij26cGyBAXqvRf/u5QAtYR7bMInh.we7BQ1bNSdTgAG1vyy"
    - "import:$2y$04$NVwg9Sij26cGyBAXqvRf/u5QAtYR7bMInh.we7BQ1bNSdTgAG1vyy"
`;
const basic = (user: string) => [["Authorization", `Basic ${Buffer.from(user).toString("base64")}`]] as const;
const right = basic("alice:correct horse");
const wrong = [[], basic("alice:wrong"), basic("bob:correct horse"), basic("carol:correct horse"), basic("alice:"), [["Authorization", "Bearer x"]], [["Authorization", "Basic !"]]] as const;

const below = ["/rspamd", "/rspamd/", "/rspamd?x", "/RSPAMD/stat", "/rspamdx", "/rspamd;x", "//rspamd", "/%2frspamd", "/%72spamd", "/r%73pamd/", "/rspamd%2fx", "/Rspamd%20", "///rspamd", "/%2F/rspamd", "/server-status", "/Server-Status?auto", "/a.b", "/A%2eb/c"];
const others = ["/", "/rspam", "/x/rspamd", "/SOGo/", "/?/rspamd", "/%2572spamd", "/a-b", "/adm", "/server-statu", "/.well-known/acme-challenge/token"];

describe("passwords", () => {
  let world: World;

  beforeAll(async () => {
    const [minimal] = variants;
    if (minimal === undefined) throw new Error("there is no variant");
    world = await openWorld({ ...minimal, description, otherNames: [] });
  });
  // A world that did not open has nothing to close.
  afterAll(() => (world as World | undefined)?.close());

  test("it loads without a warning", () => {
    expect(world.failures).toEqual([]);
    expect(world.validation.status).toBe(0);
    expect(world.running.complaintsAtStart).toEqual([]);
  });

  test.each(below)("%s asks for a name and a password", async (target) => {
    for (const headers of wrong) {
      const reply = await world.keptOut({ target, headers });
      expect([headers, reply.status, value(reply, "www-authenticate")?.toLowerCase()]).toEqual([headers, 401, 'basic realm="mailcow"']);
    }
    const { reply, seen } = await world.reach({ target, headers: right });
    expect([reply.status, values(seen, "authorization")]).toEqual([200, []]);
  });

  test("a user's name is no word of the server", async () => {
    expect((await world.reach({ target: "/rspamd", headers: basic("import:correct horse") })).reply.status).toBe(200);
  });

  test.each(others)("%s does not, and mailcow gets the client's own", async (target) => {
    for (const headers of [[], right, basic("user@example.org:x")] as const) {
      const { reply, seen } = await world.reach({ target, headers });
      expect([reply.status, values(seen, "authorization")]).toEqual([200, headers.map(([, text]) => text)]);
    }
  });

  test("over HTTP/2, too", async () => {
    await world.http2({}, async (request, authority) => {
      for (const target of below) {
        const ask = async (headers: object) => (await request({ ":path": target, ":authority": authority, ...headers })).status;
        expect([target, await ask({}), await ask({ authorization: right[0][1] })]).toEqual([target, 401, 200]);
      }
    });
  });

  test("a path with dot segments is refused, with a password as well", async () => {
    for (const target of ["/x/../rspamd", "/rspamd/..%2fSOGo", "/x/%2e%2e%2frspamd", "/./rspamd", "/SOGo/../rspamd", "/rsp%61md%2f..%2fSOGo", "/rspamd/%2e"]) {
      for (const headers of [[], right] as const) expect([target, (await world.keptOut({ target, headers })).status]).toEqual([target, 403]);
    }
  });

  test("an access rule comes first", async () => {
    expect((await world.keptOut({ target: "/admin/system", client: stranger.v4, headers: right })).status).toBe(403);
    expect((await world.keptOut({ target: "/admin/system", client: administrator.v4 })).status).toBe(401);
    expect((await world.reach({ target: "/admin/system", client: administrator.v4, headers: right })).reply.status).toBe(200);
  });

  test("the ACME challenge on plain http asks for nothing, and everything else there goes to https", async () => {
    const challenge = "/.well-known/acme-challenge/token";
    expect((await world.reach({ scheme: "http", target: challenge })).reply.status).toBe(200);
    const reply = await world.keptOut({ scheme: "http", target: "/rspamd" });
    expect([reply.status, value(reply, "location")]).toEqual([301, expect.stringMatching(/^https:\/\/mail\.example\.org\/rspamd\b/)]);
  });

  test("strangers on the host cannot read the hashes", () => {
    for (const { installPath = "", content } of renderValid(description).outputs) {
      if (content.includes("$2y$")) expect([installPath, statSync(installPath).mode & 0o007]).toEqual([installPath, 0]);
    }
  });
});
