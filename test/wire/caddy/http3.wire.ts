/**
 * HTTP/3, which Caddy offers by itself. Its client is a current Caddy, which passes on what it is asked by HTTP/3 and nothing
 * else: no client of the distribution speaks it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bringCurrent } from "../../current-servers.js";
import { sayNotTried } from "../../not-tried.js";
import { run } from "../world/command.ts";
import { scratch } from "../world/filesystem.ts";
import { isListenedTo } from "../world/listening.ts";
import { type ServerProcess, startProcess } from "../world/process.ts";
import { proxy } from "../world/proxy.ts";
import { type Variant, variants } from "../world/variants.ts";
import { openWorld, sleep, type World } from "../world/world.ts";

const { programs, missing } = bringCurrent(["caddy"]);
const program = programs.get("caddy")?.program;
if (program === undefined) sayNotTried(missing.map((sentence) => `HTTP/3 of Caddy was not tried. Its client is current Caddy: ${sentence}`));

const port = 9300;
const site = "/etc/caddy/Caddyfile.d/mailcow-mail.example.org.caddyfile";

interface Answer {
  readonly status: number;
  readonly body: string;
}

describe.skipIf(program === undefined)("connections", () => {
  const [minimal] = variants;
  let world: World;
  let client: ServerProcess;

  /** What mailcow got with the only request that has a mark. */
  async function headersOf(mark: string): Promise<Record<string, string>> {
    const [seen, ...others] = await world.mailcow.withMark(mark);
    expect(others).toEqual([]);
    return Object.fromEntries((seen?.raw ?? []).map(([header, value]) => [header.toLowerCase(), value]));
  }

  async function start(variant: Partial<Variant>): Promise<void> {
    if (minimal === undefined) throw new Error("there is no variant");
    world = await openWorld({ ...minimal, ...variant });
    client = await startClient();
  }

  async function startClient(): Promise<ServerProcess> {
    const { host } = world.route();
    // It leaves the headers of the test as they are.
    writeFileSync(`${scratch}/http3`, `{
	admin off
	auto_https off
}
http://:${port} {
	bind 127.0.0.1
	reverse_proxy https://${host}:${world.site.proxy.httpsPort} {
		trusted_proxies 127.0.0.1/32
		header_up Host {http.request.header.Authority}
		header_up -Authority
		transport http {
			versions 3
			tls_server_name mail.example.org
			tls_insecure_skip_verify
		}
	}
}
`);
    const started = startProcess(`HOME=${scratch} exec ${program} run --adapter caddyfile --config ${scratch}/http3`);
    for (let tries = 0; tries < 2000 && !isListenedTo({ host: "127.0.0.1", port }); tries++) await sleep(50);
    return started;
  }

  async function stop(): Promise<void> {
    await (client as ServerProcess | undefined)?.stop();
    await (world as World | undefined)?.close();
  }

  /** A request by HTTP/3. */
  function ask(authority: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((done, fail) => {
      const asked = request({ host: "127.0.0.1", port, path, headers: { ...headers, authority }, agent: false }, (response) => {
        text(response).then((body) => done({ status: response.statusCode ?? 0, body }), fail);
      });
      asked.once("error", fail).end();
    });
  }

  /** What Caddy says of HTTP/3 by other protocols. */
  async function offered(): Promise<string | undefined> {
    const { reply } = await world.reach({ target: "/offered" });
    return reply.headers.find(([name]) => name.toLowerCase() === "alt-svc")?.[1];
  }

  describe("HTTP/3", () => {
    beforeAll(() => start({}));
    afterAll(stop);

    test.each(["mail.example.org", "MAIL.Example.org:443", "autodiscover.example.org"])("brings mailcow the described name and headers for %s", async (authority) => {
      const mark = world.mark();
      const forged = { "x-forwarded-for": "192.0.2.1", "x-forwarded-proto": "http", "x-forwarded-host": "evil.example", "x-forwarded-port": "1", "x-real-ip": "192.0.2.1", forwarded: "for=192.0.2.1" };
      expect(await ask(authority, `/http3?${mark}`, forged)).toMatchObject({ status: 200 });
      const name = authority.split(":")[0]?.toLowerCase();
      const headers = await headersOf(mark);
      expect(headers).toMatchObject({ host: name, "x-forwarded-host": name, "x-forwarded-proto": "https", "x-forwarded-port": "443" });
      expect(headers["x-real-ip"]).toBe(headers["x-forwarded-for"]);
      expect(headers["x-real-ip"]).not.toBe("192.0.2.1");
      expect(Object.keys(headers)).not.toContain("forwarded");
    });

    test("answers another name with 421", async () => {
      expect(await ask("other.example.net", "/http3")).toMatchObject({ status: 421 });
    });

    test("is offered on the public port", async () => {
      expect(await offered()).toMatch(/^h3=":443"; ma=\d+$/);
    });

    test("is turned off as the head says", async () => {
      turnOff();
      run("sh", "-c", proxy.reload);
      await client.stop();
      client = await startClient();
      // The client gets no answer.
      expect(await ask("mail.example.org", "/http3")).toMatchObject({ status: 504 });
      expect(await offered()).toBeUndefined();
    });
  });

  describe("HTTP/3 behind another port", () => {
    beforeAll(() => start({ description: `${minimal?.description}proxy: { public_https_port: 8443 }\n` }));
    afterAll(stop);

    test("is offered on the public port, and brings mailcow that port", async () => {
      expect(await offered()).toMatch(/^h3=":8443"; ma=\d+$/);
      const mark = world.mark();
      expect(await ask("mail.example.org:8443", `/http3?${mark}`)).toMatchObject({ status: 200 });
      expect(await headersOf(mark)).toMatchObject({ host: "mail.example.org:8443", "x-forwarded-port": "8443" });
    });
  });
});

/** Does what the head says, with its own lines. */
function turnOff(): void {
  const head = readFileSync(site, "utf8").split("\n").filter((line) => line.startsWith("#")).map((line) => line.replace(/^# ?/, ""));
  const start = head.findIndex((line) => line.includes("To turn it off"));
  const lines = head.slice(head.findIndex((line, number) => number >= start && line.endsWith(":")) + 1);
  const block = lines.slice(0, lines.findIndex((line) => !/^[\t{}]|^protocols/.test(line)));
  expect(block.join(" ")).toContain("protocols h1 h2");
  // One line is for our options, and several are for the administrator's.
  const [file, place] = block.length === 1 ? [site.replace("Caddyfile.d/", "").replace(".caddyfile", ".options"), /^servers \{\n/m] : ["/etc/caddy/Caddyfile", /^/];
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(place);
  writeFileSync(file, text.replace(place, (found) => `${found}${block.join("\n")}\n`));
}
