/** Another site of nginx listens on one address, and takes the requests to it from sites that do not name it. */
import { symlinkSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { makeAuthority } from "../world/certificate.ts";
import { exchange } from "../world/client.ts";
import { renderValid } from "../world/description.ts";
import { freshFilesystem } from "../world/filesystem.ts";
import { install, placeCertificate } from "../world/installation.ts";
import { proxy } from "../world/proxy.ts";
import { placeNeighbour, type Running, startServer, stockComplaints } from "../world/world.ts";

const other = "192.0.2.11";

describe("company", () => {
  let running: Running | undefined;
  afterEach(() => running?.stop());

  /** What the names of mailcow get on the other site's address, on http and https. */
  async function answers(listen: string): Promise<number[]> {
    const known = await stockComplaints();
    freshFilesystem();
    const authority = makeAuthority();
    await proxy.prepare();
    placeNeighbour(authority);
    writeFileSync("/etc/nginx/sites-available/one-address", `
server {
    listen ${other}:80;
    listen ${other}:443 ssl;
    ssl_certificate /run/wire/scratch/neighbour.pem;
    ssl_certificate_key /run/wire/scratch/neighbour.key;
    return 200;
}
`);
    symlinkSync("../sites-available/one-address", "/etc/nginx/sites-enabled/one-address");
    const { site, outputs } = renderValid(`hostname: mail.example.org\n${listen}`);
    placeCertificate(site, authority);
    expect(install(outputs)).toEqual([]);
    running = await startServer([{ host: other, port: 443 }], known);
    const ask = (port: number, servername?: string) =>
      exchange({ host: other, port, from: "203.0.113.10", tls: servername === undefined ? undefined : { servername } }, `GET / HTTP/1.1\r\nHost: ${site.hostname}\r\n\r\n`);
    return [(await ask(80)).status, (await ask(443, site.hostname)).status];
  }

  test("as the head says, with the address in proxy.listen they reach this site, and without it they do not", async () => {
    expect(await answers("")).toEqual([200, 200]);
    await running?.stop();
    const [http, https] = await answers(`proxy: { listen: ["0.0.0.0", "::", ${other}] }\n`);
    // There is no mailcow.
    expect([http, https]).toEqual([301, 502]);
  });
});
