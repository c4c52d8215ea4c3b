/** Access rules that nest, and rules for single names: every way to write a path leads where the model says, for each client. */
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { open } from "./world/client.ts";
import { isAdmitted, type RuleModel } from "./world/access-model.ts";
import { differences } from "./contract/check.ts";
import { proxyId } from "./world/description.ts";
import { administrator, client, stranger, type Variant } from "./world/variants.ts";
import { openWorld, type World } from "./world/world.ts";

const clients = [administrator.v4, client.v4, stranger.v4, administrator.v6, stranger.v6];
const [host, webmail] = ["mail.example.org", "webmail.example.org"];
const office = [administrator.v4, administrator.v6];

/** Ways to write paths below those of the rules, and past them. */
const walks = [
  "/", "//", "/?x", "/%2f", "/x", "/index.php", "/user", "/user/", "/User", "/admin/", "/admin", "/adm", "/ADMIN", "/rspamd/", "/RSPAMD", "/principals/x", "/.well-known/caldav",
  "/SOGo", "/SOGo/", "/SOGo/so/u/Mail", "/SOGo.woa/x", "/SOGoX", "/SOG", "/SOGo?/admin", "/SOGo?x=/../admin", "/SOGo;x", "/SOGo;/admin", "/SOGo%20", "/SOGo%3f", "/SOGo%25", "/%25SOGo", "/SOGo+", "/SOGo/...", "/SOGo/..x/admin", "/SOGo..",
  "/sogo", "/SOGO/", "/sOGo/so/", "/sogo/admin", "/Sogo/ADMIN", "/x/SOGo", "/S/OGo",
  "//SOGo", "///SOGo///so", "/%2fSOGo", "/%2FSOGo/%2fso", "//%2f/SOGo", "/%53OGo", "/S%4fGo/so", "/%73ogo", "/SOG%6f", "/SOG%4F", "/%2553OGo", "/SOGo%2fso", "/SOGo%2Fadmin",
  "/SOGo/admin", "/SOGo/admin/", "/SOGo/admin/x", "/SOGo/administrator", "/SOGo/Admin", "/SOGo/ADMIN/x", "/SOGo//admin", "/SOGo///admin//x", "//SOGo/admin", "/SOGo/%61dmin", "/SOGo/%41dmin", "/%53OGo/%61dmin", "/SOGo/%2561dmin", "/SOGo/%2fadmin", "/SOGo%2f%2fadmin", "/SOGo/adm%69n/x", "/SOGo/a/dmin", "/SOGo/xadmin", "/SOGo/x/admin",
  "/./SOGo", "/SOGo/.", "/SOGo/..", "/SOGo/../", "/SOGo/../x", "/x/../SOGo", "/x/%2e%2e/SOGo", "/SOGo/%2e%2e/SOGo/admin", "/SOGo/..%2fadmin", "/SOGo/x/..%2Fadmin", "/SOGo%2f..%2fx", "/SOGo/%2E/admin", "/SOGo/.%2e", "/x//../SOGo", "/SOGo/admin/..", "/SOGo/admin/../so",
  "/Microsoft-Server-ActiveSync", "/Microsoft-Server-ActiveSync?Cmd=Sync", "/microsoft-server-activesync", "/Microsoft%2dServer-ActiveSync/x", "/Microsoft-Server-ActiveSync/../admin",
];
/** Apache cannot tell these from %2f, and refuses them as it does dot segments where a rule opens anything. */
const twiceEncoded = ["/%252fSOGo", "/%252FSOGo/so", "/SOGo%252fadmin", "/%25%32fSOGo", "/%252%66SOGo", "/SOGo/x%252fy", "/%25%32%46SOGo"];

const officeOnly: readonly RuleModel[] = [
  { path: "/", allow: office },
  { path: "/SOGo", allow: ["all"] },
  { path: "/Microsoft-Server-ActiveSync", allow: ["0.0.0.0/0", "::/0"] },
  { path: "/SOGo/admin", allow: office },
];

const fixed: readonly (readonly [string, readonly RuleModel[]])[] = [
  ["all for the office, with SOGo and ActiveSync for everyone and its administration closed again", officeOnly],
  ["rules for a name before those for every name", [
    { path: "/", allow: office },
    { path: "/", allow: ["all"], names: [webmail] },
    { path: "/admin", allow: office, names: [webmail] },
    { path: "/sogo/ADMIN", allow: [client.v4], names: [webmail, host] },
    { path: "/SOGo/admin/x", allow: ["203.0.113.64/28"] },
    { path: "/rspamd", allow: ["2001:db8::/32"] },
  ]],
  ["paths that differ in case", [{ path: "/SOGo", allow: ["all"] }, { path: "/sogo/", allow: office }, { path: "/SOGO/admin", allow: [client.v4, administrator.v6] }, { path: "/", allow: [client.v4] }, { path: "/SOGo.woa/", allow: office }]],
];

/** Few segments, so that paths nest. */
const segment = fc.constantFrom("SOGo", "sogo", "admin", "so", "a", "SOG", "user");
const path = fc.tuple(fc.array(segment, { maxLength: 3 }), fc.boolean()).map(([segments, slash]) => `/${segments.join("/")}${slash && segments.length > 0 ? "/" : ""}`);
const allow = fc.constantFrom(office, ["all"], [client.v4], ["203.0.113.64/28", "2001:db8::c:0/112"], ["0.0.0.0/0"], ["::/0"], ["2001:db8::/32", "203.0.113.0/26"]);
const names = fc.constantFrom(undefined, undefined, [webmail], [host], [host, webmail]);
const someRules = fc.uniqueArray(fc.record({ path, allow, names }).map(({ names: own, ...rule }) => (own === undefined ? rule : { ...rule, names: own })), { minLength: 3, maxLength: 8, comparator: (left, right) => left.path.toLowerCase() === right.path.toLowerCase() });
const arbitrary = fc.sample(someRules, { seed: 20_261_129, numRuns: 4 });

function variant(rules: readonly RuleModel[]): Variant {
  return {
    name: "access",
    description: stringify({ hostname: host, mail_domains: [], additional_server_names: [webmail], access: rules }),
    address: { v4: "192.0.2.10", v6: "2001:db8::10" },
    arrival: "direct",
    otherNames: [webmail],
    access: true,
  };
}

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** What each target gets: 200 from mailcow, or 403. */
async function walk(opened: World, name: string, from: string, targets: readonly string[]): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  const connection = await open(opened.route({ client: from }));
  for (const target of targets) {
    connection.send(opened.bytes({ client: from, host: name, target }));
    statuses[target] = (await connection.receive()).status;
  }
  connection.close();
  return statuses;
}

async function walkHttp2(opened: World, name: string, from: string, targets: readonly string[]): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  await opened.http2({ client: from }, async (request) => {
    for (const target of targets) statuses[target] = (await request({ ":path": target, ":authority": name })).status;
  });
  return statuses;
}

/** What differs from the model, for each name and client. */
async function wrong(rules: readonly RuleModel[], targets: readonly string[], over: typeof walk): Promise<unknown[]> {
  const found: unknown[] = [];
  if (world === undefined) {
    world = await openWorld(variant(rules));
    expect(world.failures).toEqual([]);
    expect(world.running.complaintsAtStart).toEqual([]);
  }
  for (const name of [host, webmail]) {
    for (const from of clients) {
      const wanted = Object.fromEntries(targets.map((target) => [target, isAdmitted(rules, name, target, from) ? 200 : 403]));
      found.push(...differences(await over(world, name, from, targets), wanted).map((difference) => [name, from, difference]));
    }
  }
  return found;
}

const some = (step: number) => walks.filter((_, index) => index % step === 0);

describe("access", () => {
  test.each(fixed)("%s", async (_, rules) => {
    expect(await wrong(rules, walks, walk)).toEqual([]);
    expect(await wrong(rules, some(5), walkHttp2)).toEqual([]);
  });

  test.each(arbitrary.map((rules, index) => [index + 1, rules] as const))("arbitrary rules, %i", async (_, rules) => {
    expect(await wrong(rules, some(2), walk)).toEqual([]);
  });

  test("a slash that is encoded twice opens nothing", async () => {
    world = await openWorld(variant(officeOnly));
    for (const from of clients) {
      const wanted = Object.fromEntries(twiceEncoded.map((target) => [target, isAdmitted(officeOnly, host, proxyId === "apache" ? "/." : target, from) ? 200 : 403]));
      expect([from, await walk(world, host, from, twiceEncoded)]).toEqual([from, wanted]);
    }
  });
});
