/** The command `page`: it opens the page, or serves it to this machine and to nobody else. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Io, SurroundingsError } from "../src/cli/io.ts";
import { openInBrowser } from "../src/node/page.ts";
import { serve } from "../src/node/serve.ts";
import { mailcowProxy } from "./memory-io.ts";

const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-page-"));
const file = join(folder, "page.html");
writeFileSync(file, "<!doctype html><title>The page</title>");
writeFileSync(join(folder, "secret.txt"), "not for anybody");
afterAll(() => rmSync(folder, { recursive: true }));

/** The program where only these surroundings count. */
function run(args: readonly string[], surroundings: Partial<Io> = {}) {
  return mailcowProxy(args, {}, undefined, surroundings);
}

describe("the command", () => {
  const page = "/usr/share/page.html";

  test("opens the page with the desktop's browser", async () => {
    const { status, out, err } = await run(["page"], { pageFile: async () => page, openInBrowser: async (opened) => opened === page });
    expect({ status, out, err }).toEqual({ status: 0, out: `opened     ${page}\n`, err: "" });
  });

  test("prints the path where there is no desktop", async () => {
    const { status, out, err } = await run(["page"], { pageFile: async () => page, openInBrowser: async () => false });
    expect({ status, out }).toEqual({ status: 0, out: `${page}\n` });
    expect(err).toContain("mailcow-proxy page --serve");
  });

  test("says that the page is missing", async () => {
    const pageFile = () => Promise.reject(new SurroundingsError("cannot read page.html: no such file"));
    expect(await run(["page"], { pageFile })).toMatchObject({ status: 3, out: "" });
  });

  test.each([
    [["page", "--serve"], 0],
    [["page", "--serve", "8765"], 8765],
    [["page", "--serve=80"], 80],
  ])("%j serves it", async (args, port) => {
    const asked: unknown[] = [];
    const surroundings = { pageFile: async () => page, serve: async (served: string, on: number, ready: (url: string) => void) => {
      asked.push([served, on]);
      ready("http://127.0.0.1:8765/");
    } };
    const { status, out } = await run(args, surroundings);
    expect({ status, asked }).toEqual({ status: 0, asked: [[page, port]] });
    expect(out).toBe("The page is on http://127.0.0.1:8765/ until you press Ctrl+C.\n");
  });

  test.each(["0", "65536", "80x", "127.0.0.1:80"])("refuses the port %s", async (port) => {
    expect(await run(["page", "--serve", port])).toMatchObject({ status: 2, err: `mailcow-proxy: --serve takes a port from 1 to 65535, not ${port}.\nSee mailcow-proxy --help.\n` });
  });
});

describe.runIf(process.platform === "linux")("the desktop's browser", () => {
  const path = process.env["PATH"];
  afterEach(() => void (process.env["PATH"] = path));

  const opener = (script: string) => {
    writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "xdg-open"), 0o755);
    process.env["PATH"] = `${folder}:${path}`;
  };

  test("gets the file", async () => {
    opener(`test "$1" = ${file}`);
    expect(await openInBrowser(file, { DISPLAY: ":0" })).toBe(true);
    expect(await openInBrowser(`${file}.other`, { WAYLAND_DISPLAY: "wayland-0" })).toBe(false);
  });

  test("is not looked for without a desktop", async () => {
    opener("exit 0");
    expect(await openInBrowser(file, {})).toBe(false);
  });

  test("may be missing", async () => {
    process.env["PATH"] = join(folder, "empty");
    expect(await openInBrowser(file, { DISPLAY: ":0" })).toBe(false);
  });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(port: number, { method = "GET", path = "/", host = `127.0.0.1:${port}` }: { method?: string; path?: string; host?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, method, path, headers: { host } }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (piece: string) => void (body += piece)).on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    }).on("error", reject).end();
  });
}

describe("the server", () => {
  let stop = async () => {};
  afterEach(() => stop());

  async function start(): Promise<number> {
    const url = await new Promise<string>((resolve, reject) => {
      const ended = serve(file, 0, resolve);
      ended.catch(reject);
      stop = async () => {
        process.emit("SIGTERM");
        await ended;
      };
    });
    return Number(new URL(url).port);
  }

  test("answers with the page, and says what a page cannot", async () => {
    const port = await start();
    const { status, headers, body } = await ask(port);
    expect({ status, body }).toEqual({ status: 200, body: "<!doctype html><title>The page</title>" });
    expect(headers).toMatchObject({ "content-security-policy": "frame-ancestors 'none'", "x-content-type-options": "nosniff", "cache-control": "no-store" });
    expect(await ask(port, { host: `localhost:${port}`, path: "/?x=1" })).toMatchObject({ status: 200 });
    expect(await ask(port, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });

  test("has no other path", async () => {
    const port = await start();
    for (const path of ["/secret.txt", "/../secret.txt", "/..%2fsecret.txt", "//secret.txt", "/page.html", "/%00", file]) expect(await ask(port, { path }), path).toMatchObject({ status: 404 });
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    expect(await ask(await start(), { method })).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  test.each(["attacker.example", "attacker.example:80", "127.0.0.1", "127.0.0.1.attacker.example", "192.0.2.1"])("refuses the name %s, which may lead here by DNS rebinding", async (host) => {
    const { status, body } = await ask(await start(), { host });
    expect(status).toBe(421);
    expect(body).not.toContain("The page");
  });

  test("listens on loopback only", async () => {
    const port = await start();
    const others = Object.values(networkInterfaces()).flat().flatMap((one) => (one !== undefined && !one.internal && one.family === "IPv4" ? [one.address] : []));
    const reached = await Promise.all(["::1", ...others].map((host) => new Promise((resolve) => {
      const socket = connect({ host, port }, () => { socket.destroy(); resolve(host); }).on("error", () => resolve(undefined));
    })));
    expect(reached.filter((host) => host !== undefined)).toEqual([]);
  });

  test("says that a port is taken", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => other.listen(0, "127.0.0.1", () => {
      const bound = other.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
    }));
    await expect(serve(file, port, () => {})).rejects.toThrow(`cannot serve on port ${port} of 127.0.0.1: another program uses it`);
    other.close();
    await expect(serve(join(folder, "absent.html"), 0, () => {})).rejects.toThrow("no such file");
  });
});
