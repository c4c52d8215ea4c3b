/** The ports that believe a PROXY header, tried by others than the proxy. */
import { afterAll, describe, expect, test } from "vitest";
import { encodeVersion1, encodeVersion2 } from "../../wire/world/proxy-protocol.ts";
import { beside, beside6, containers, through, tunnel } from "../world/network.ts";
import { loggedIn, relayed, relaying, secured, serviceOf, services } from "../world/services.ts";
import { Session } from "../world/session.ts";
import { until } from "../../systems/world/output.ts";
import type { World } from "../world/world.ts";

const strangers = [["in the tunnel's network", { from: tunnel.third, to: tunnel.mailcow }], ["beside mailcow's host", { from: beside, to: tunnel.mailcow }]] as const;
/** It asks the containers. */
const around = { from: beside, to: undefined } as const;
/** For ports that a program on the host has on every address. */
const withIPv6 = { from: beside6.own, to: beside6.mailcow } as const;

/** Whom mailcow's Postfix trusts. */
const trusted = ["172.22.1.99", "127.0.0.1", "::1"];

function header(source: string): Buffer {
  const own = { source, sourcePort: 40_000, destination: source.includes(":") ? "fd4d:6169:6c63:6f77::d" : "172.22.1.253", destinationPort: 25 };
  return source.includes(":") ? encodeVersion1(own) : encodeVersion2(own);
}

/** The services that a host reaches. It must have an answer within two seconds. */
async function reached({ from, to }: { readonly from: string; readonly to: string | undefined }): Promise<string[]> {
  const opened = await Promise.all(services.map(({ container, proxied }) => Session.open({ from, to: to ?? containers[container], port: proxied }, 2).catch(() => undefined)));
  for (const session of opened) session?.close();
  return services.filter((_service, index) => opened[index] !== undefined).map(({ name }) => name);
}

export function direct(world: () => World): void {
  const everything = services.map(({ name }) => name);
  const forgeries = relaying.flatMap((service) => trusted.map((source) => [service.title, source, service] as const));

  describe("direct access", () => {
    // As it is to be, for what comes after.
    afterAll(() => world().host.protect("nftables"));

    describe("without the firewall, so that the others can fail,", () => {
      test.each(strangers)("a host %s reaches every port", async (_where, way) => {
        expect(await reached(way)).toEqual(everything);
      });

      test("a host beside mailcow's host reaches the containers themselves", async () => {
        expect(await reached(around)).toEqual(everything);
      });

      test.each(forgeries)("%s relays for whoever says that it is %s", async (_title, source, service) => {
        const { session } = await secured(service, { from: tunnel.third, to: tunnel.mailcow }, { port: service.proxied, header: header(source) });
        expect(await relayed(session)).toMatch(/^250 /);
        session.close();
      });

      test("Dovecot believes nobody but the proxy", async () => {
        const log = world().mailcow.mark();
        const imap = serviceOf("imap");
        await expect(secured(imap, { from: tunnel.third, to: tunnel.mailcow }, { port: imap.proxied, header: header("172.22.1.248") })).rejects.toThrow("the session has ended");
        await until("Dovecot's line about it", () => log().includes("haproxy: Client not trusted (rip=10.13.13.3)"));
      });
    });

    describe.each(["nftables", "iptables"] as const)("%s", (firewall) => {
      describe.each([["as Docker publishes it", false], ["through Docker's userland proxy", true]] as const)("%s", (_how, userland) => {
        test("is for the proxy alone", async () => {
          const close = userland ? await world().host.publishInUserland() : () => Promise.resolve();
          const ways = [...strangers.map(([, way]) => way), userland ? withIPv6 : around];
          try {
            for (const way of ways) expect(await reached(way)).toEqual(everything);
            world().host.protect(firewall, { docker: !userland });
            expect(await Promise.all(ways.map(reached))).toEqual(ways.map(() => []));
            const session = await loggedIn(serviceOf("submission"), through(4));
            session.close();
          } finally {
            world().host.expose(firewall);
            await close();
          }
        });
      });
    });
  });
}
