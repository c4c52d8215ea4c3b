/** NGINX Proxy Manager: what its server block refuses, what it cannot do, and why switches are to be off. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { attempt } from "../world/command.ts";
import { inProxyHost } from "../world/panels/proxy-manager.ts";
import { privateClients, proxyHost, inProxyManager, type Variant, variants } from "../world/variants.ts";
import { openWorld, type World } from "../world/world.ts";

const found = variants.find(({ description, panel }) => panel === "nginx" && description === inProxyManager);
if (found === undefined) throw new Error("there is no such variant");
const variant: Variant = found;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function withForm(form: Partial<Parameters<typeof inProxyHost>[1]> = {}): Promise<World> {
  world = await openWorld({ ...variant, adjust: (content) => `${/^(?:#.*\n)*/.exec(content)?.[0]}${inProxyHost(inProxyManager, { ...proxyHost, ...form })}` });
  expect(world.validation).toMatchObject({ status: 0 });
  return world;
}

describe("names", () => {
  test("limit: other names get the default site, not 421", async () => {
    const { ask, keptOut } = await withForm({ defaultSite: true });
    expect((await keptOut({ scheme: "http", host: "unknown.example.net" })).status).toBe(200);
    await expect(ask({ host: "unknown.example.net", sni: "unknown.example.net" })).rejects.toThrow();
    expect((await ask({})).status).toBe(200);
  });
});

describe("http", () => {
  test("limit: a token of mailcow's is looked for in NGINX Proxy Manager's folder", async () => {
    const { ask, keptOut } = await withForm({ letsEncrypt: true });
    const target = "/.well-known/acme-challenge/token";
    const reply = await keptOut({ scheme: "http", target });
    expect(reply.status).toBe(301);
    expect((await keptOut({ target })).status).toBe(404);
    expect((await ask({ target: "/.well-known/caldav" })).status).toBe(200);
  });
});

describe("connections", () => {
  test("limit: each request makes a connection to mailcow", async () => {
    const { mailcow, reach } = await withForm();
    const before = mailcow.opened;
    for (let index = 0; index < 5; index++) await reach({});
    expect(mailcow.opened - before).toBe(5);
  });
});

describe("client address", () => {
  const seen = async ({ reach }: World, client: string) => (await reach({ client, headers: [["X-Real-IP", "198.51.100.250"]] })).seen.client;

  test("private clients do not choose their address, as they would without our line", async () => {
    const [address] = privateClients;
    expect(await seen(await withForm(), address)).toBe(address);
    await world?.close();
    const without = (text: string) => text.replace(/^set_real_ip_from unix:;$/m, "");
    expect(await seen(await withForm({ adjust: without }), address)).toBe("198.51.100.250");
  });
});

describe("path and query", () => {
  test("Block Common Exploits refuses queries, which is why it is to be off", async () => {
    const target = "/?next=http://mail.example.org/";
    expect((await (await withForm()).ask({ target })).status).toBe(200);
    await world?.close();
    expect((await (await withForm({ blockExploits: true })).ask({ target })).status).toBe(403);
  });
});

describe("access", () => {
  const file = "/etc/nginx/sites-enabled/mailcow-mail.example.org.conf";

  test("limit: what restricts paths in nginx cannot stand in the Advanced text, and other things neither", async () => {
    await withForm({ letsEncrypt: true });
    const text = readFileSync(file, "utf8");
    const [before, after] = text.split("set_real_ip_from unix:;");
    const check = (line: string) => {
      writeFileSync(file, `${before}set_real_ip_from unix:;\n${line}\n${after}`);
      const { status, text: said } = attempt("nginx", "-t");
      return [line, status === 0 ? "taken" : /\[emerg\] \d+#\d+: (.*?) in \//.exec(said)?.[1]];
    };
    for (const [line, refusal] of [
      ["geo $remote_addr $allowed { default 0; }", '"geo" directive is not allowed here'],
      ["map $uri $path { default 0; }", '"map" directive is not allowed here'],
      ["upstream mailcow { server 127.0.0.1:8080; keepalive 2; }", '"upstream" directive is not allowed here'],
      ["ssl_ciphers HIGH;", '"ssl_ciphers" directive is duplicate'],
      ["ssl_prefer_server_ciphers on;", '"ssl_prefer_server_ciphers" directive is duplicate'],
      ["ssl_session_timeout 1d;", '"ssl_session_timeout" directive is duplicate'],
      ["location ^~ /.well-known/acme-challenge/ { return 200; }", 'duplicate location "/.well-known/acme-challenge/"'],
      ["location / { return 200; }", 'duplicate location "/"'],
      ["listen 80;", "a duplicate listen 0.0.0.0:80"],
    ] as const) expect(check(line)).toEqual([line, refusal]);
    expect(check("client_max_body_size 0;")).toEqual(["client_max_body_size 0;", "taken"]);
  });
});

describe("headers to mailcow", () => {
  test("Websockets Support changes nothing for mailcow", async () => {
    const { reach } = await withForm({ websockets: true });
    const { seen } = await reach({ headers: [["Connection", "Upgrade"], ["Upgrade", "websocket"]] });
    expect(seen.headers.filter(([name]) => /^(?:upgrade|connection)$/i.test(name))).toEqual([["Connection", "close"]]);
  });
});
