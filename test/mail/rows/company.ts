/** The server's stock files and another site in it. */
import { Agent, request } from "node:https";
import { get } from "node:http";
import { describe, expect, test } from "vitest";
import { validate } from "../../wire/world/installation.ts";
import { clients, proxyAddresses } from "../world/network.ts";
import { proxyFiles } from "../world/output.ts";
import type { World } from "../world/world.ts";

export function company(world: () => World): void {
  describe("company", () => {
    test("the commands of the head work, and the server's own check has nothing to say", () => {
      expect(world().proxy.failures).toEqual([]);
      expect(validate(proxyFiles())).toMatchObject({ status: 0 });
    });

    test("the server starts without a warning", () => {
      // Traefik warns of what every entry point lacks for http, the stock ones and those that have no http alike.
      expect(world().proxy.complaints.filter((line) => !/WRN (?:aliasHeadersStrategy is not configured|Traefik can reject some encoded)/.test(line))).toEqual([]);
    });

    test.each(["http", "https"] as const)("another site answers over %s", async (scheme) => {
      const { name, httpPort, httpsPort } = world().proxy.neighbour;
      const own = { host: proxyAddresses[4], localAddress: clients[4][0], headers: { host: name } };
      const status = await new Promise((done, fail) => {
        const asked = scheme === "http" ? get({ ...own, port: httpPort }) : request({ ...own, port: httpsPort, servername: name, agent: new Agent({ rejectUnauthorized: false }) });
        asked.once("response", (answer) => done(answer.resume().statusCode)).once("error", fail).end();
      });
      expect(status).toBe(200);
    });
  });
}
