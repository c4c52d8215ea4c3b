/** mailcow's bans, which its own firewall cannot enforce behind a proxy. */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { place, until } from "../../systems/world/output.ts";
import { attempt } from "../../wire/world/command.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { clients, families, runWithin, through, tunnel, within } from "../world/network.ts";
import { banlist, output } from "../world/output.ts";
import { services } from "../world/services.ts";
import { Session } from "../world/session.ts";

const list = `${scratch}/banlist`;

/** mailcow's web server, as far as the list is concerned. */
const webServer = `
const { readFileSync } = require("node:fs");
require("node:http").createServer((request, response) => {
  const asked = new URL(request.url, "https://" + request.headers.host);
  response.statusCode = asked.href.replace(/:\\d+\\//, "/") === process.argv[2] ? 200 : 404;
  response.end(response.statusCode === 200 ? readFileSync("${list}") : "");
}).listen(8080, "${tunnel.mailcow}");
`;

/** The mail ports that a client reaches. */
async function reached(family: 4 | 6, client: 0 | 1): Promise<string[]> {
  const opened = await Promise.all(services.map(({ port }) => Session.open({ ...through(family, client), port }, 2).catch(() => undefined)));
  for (const session of opened) session?.close();
  return services.filter((_service, index) => opened[index] !== undefined).map(({ name }) => name);
}

/** Runs the script as its unit does. */
function renew(): number {
  const script = output(["mail-bans"]).find(({ installPath }) => installPath?.endsWith(".sh"));
  return attempt("ip", "netns", "exec", "proxy", script?.installPath ?? "false").status;
}

async function startWebServer(): Promise<ServerProcess> {
  const file = `${scratch}/banlist.cjs`;
  writeFileSync(file, webServer);
  const server = startProcess(within("host", "banlist", `exec ${process.execPath} ${file} '${banlist}'`));
  await until("mailcow's web server", () => attempt("ip", "netns", "exec", "proxy", "curl", "-s", `http://${tunnel.mailcow}:8080/`).status === 0);
  return server;
}

export function bans(): void {
  const everything = services.map(({ name }) => name);

  describe("bans", () => {
    let server: ServerProcess;
    beforeAll(async () => {
      for (const file of output(["mail-bans"])) place(file);
      writeFileSync(list, families.map((family) => `${clients[family][0]}\n`).join(""));
      server = await startWebServer();
    });
    afterAll(() => server.stop());

    test.each(families)("a banned client reaches no mail port, and others reach all of them, IPv%s", async (family) => {
      expect(await reached(family, 0)).toEqual(everything);
      expect(renew()).toBe(0);
      expect(await reached(family, 0)).toEqual([]);
      expect(await reached(family, 1)).toEqual(everything);
      runWithin("proxy", "nft", "flush", "ruleset");
    });

    test("the list stays while mailcow does not answer, and a ban ends with its line", async () => {
      expect(renew()).toBe(0);
      await server.stop();
      expect(renew()).toBe(1);
      expect(await reached(4, 0)).toEqual([]);
      // Also when the proxy's host has started again.
      runWithin("proxy", "nft", "flush", "ruleset");
      expect(renew()).toBe(1);
      expect(await reached(4, 0)).toEqual([]);
      server = await startWebServer();
      writeFileSync(list, "");
      expect(renew()).toBe(0);
      expect(await reached(4, 0)).toEqual(everything);
    });
  });
}
