/** Names that are only in the certificate: their ACME challenge reaches mailcow on plain http, and nothing else of them does. */
import { expect } from "vitest";
import { value, values } from "../world/reply.ts";
import { client } from "../world/variants.ts";
import type { World } from "../world/world.ts";
import type { Check } from "./check.ts";

const namesOf = ({ variant }: Pick<World, "variant">): readonly string[] => variant.certificateNames ?? [];
const when = (world: Pick<World, "variant" | "site">) => namesOf(world).length > 0;

/** How a client may write a name. */
const spellings = (name: string) => [name, name.toUpperCase(), `${name}.`, `${name}:80`, `${name.toUpperCase()}.:9999`];

const others = [
  "/", "/?x", "/SOGo/", "/.well-known/caldav", "/.well-known/acme-challenge", "/.well-known/acme-challenge/", "/.well-known/acme-challenge/a/b",
  "/.well-known/acme-challenge/a%2fb", "/.well-known//acme-challenge/token", "/x/.well-known/acme-challenge/token", "/?/.well-known/acme-challenge/token",
  "/.well-known/acme-challenge/../../admin", "/.well-known/acme-challenge/..%2f..%2fadmin",
];

export const certificateNames: readonly Check[] = [
  {
    name: "the ACME challenge of a name that is only in the certificate is answered",
    when,
    async run(world) {
      for (const [name, source] of namesOf(world).flatMap((one) => [[one, client.v4], [one, client.v6]] as const)) {
        for (const host of source === client.v4 ? spellings(name) : [name]) {
          const token = `${world.mark()}_Az09-`;
          const reply = await world.ask({ scheme: "http", host, target: `/.well-known/acme-challenge/${token}`, client: source });
          expect({ host, status: reply.status, body: reply.body.toString() }).toEqual({ host, status: 200, body: `${token}.thumbprint` });
          const [seen] = world.mailcow.soFar(token);
          const sent = (header: string) => (seen === undefined ? [] : values(seen, header));
          expect({ listener: seen?.listener, client: seen?.client, host: sent("host"), real: sent("x-real-ip"), proto: sent("x-forwarded-proto") }).toEqual({
            listener: "http", client: source, host: [world.publicHost(name, "http")], real: [source], proto: ["http"],
          });
        }
      }
    },
  },
  {
    name: "everything else of a name that is only in the certificate gets 421",
    when,
    async run(world) {
      for (const name of namesOf(world)) {
        for (const target of others) {
          const reply = await world.keptOut({ scheme: "http", host: name, target });
          expect({ name, target, status: reply.status, location: value(reply, "location") }).toEqual({ name, target, status: 421, location: undefined });
        }
        for (const host of spellings(name)) expect({ host, status: (await world.keptOut({ scheme: "http", host, target: "/x" })).status }).toEqual({ host, status: 421 });
        for (const method of ["HEAD", "POST", "OPTIONS", "PROPFIND"]) expect({ method, status: (await world.keptOut({ scheme: "http", host: name, method, target: "/x" })).status }).toEqual({ method, status: 421 });
      }
    },
  },
  ...([["a described TLS name", false], ["its own TLS name", true]] as const).map(([kind, own]): Check => ({
    name: `it gets 421 over https too, with ${kind}`,
    when,
    async run(world) {
      for (const name of namesOf(world)) {
        for (const target of ["/x", "/.well-known/acme-challenge/token"]) {
          const sni = own ? name : world.site.publicName;
          expect({ name, sni, target, status: (await world.keptOut({ host: name, sni, target })).status }).toEqual({ name, sni, target, status: 421 });
        }
      }
    },
  })),
  {
    name: "a name like one that is only in the certificate has no challenge",
    when,
    async run(world) {
      for (const name of namesOf(world)) {
        for (const host of [`x${name}`, `x.${name}`, `${name}.evil.net`, name.replace(".", "x")].filter((one) => !namesOf(world).includes(one) && !isCovered(world, one))) {
          const reply = await world.keptOut({ scheme: "http", host, target: "/.well-known/acme-challenge/token" });
          const before = world.stockAnswers.get("/.well-known/acme-challenge/token");
          expect([421, before?.status]).toContain(reply.status);
        }
      }
    },
  },
];

/** A label of every domain covers more names than the variant lists. */
function isCovered({ site }: World, name: string): boolean {
  return site.challengeNames.prefixes.some((prefix) => name.startsWith(`${prefix}.`));
}
