/** Rspamd's controller with the generated passwords, and hashes of `mailcow-proxy hash rspamd`. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { rspamdHash, saltLength } from "../../src/core/rspamd-hash.ts";
import { attempt, run } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { headCommands } from "../wire/world/head-commands.ts";
import { type ServerProcess, startProcess } from "../wire/world/process.ts";
import { command, filesFor, place, until } from "./world/output.ts";

/** The folder of terminals, which is not part of the layer over /dev. */
function terminals(): void {
  mkdirSync("/dev/pts", { recursive: true });
  run("mount", "-t", "devpts", "none", "/dev/pts");
}

const hashOf = (password: string) => rspamdHash(password, randomBytes(saltLength));

/** Where mailcow's compose file mounts the folder of its overrides. */
const overrides = "/opt/mailcow-dockerized/data/conf/rspamd/override.d";
/** Not a loopback address: those need no password. */
const address = "192.0.2.80";
const controller = `http://${address}:11334`;

async function ask(path: string, password?: string, headers: Record<string, string> = {}): Promise<{ status: number; data: unknown }> {
  const answer = await fetch(`${controller}${path}`, { headers: { ...headers, ...(password === undefined ? {} : { Password: password }) } });
  return { status: answer.status, data: await answer.json().catch(() => undefined) };
}

/** A controller and nothing else, so that Rspamd starts in a second. It includes what mailcow's worker-controller.inc includes. */
const configuration = `${scratch}/rspamd.conf`;

function configure(): void {
  freshFilesystem();
  mkdirSync(overrides, { recursive: true });
  writeFileSync(`${scratch}/domains`, "org\n");
  writeFileSync(configuration, `
options { filters = ""; disable_hyperscan = true; pidfile = "${scratch}/pid"; dns { nameserver = ["127.0.0.1"]; } url_tld = "${scratch}/domains"; }
logging { type = "console"; level = "warning"; }
worker "controller" {
  bind_socket = "${address}:11334";
  count = 1;
  .include(try=true; priority=10) "${overrides}/worker-controller-password.inc"
  .include(try=true; priority=30) "${overrides}/worker-controller.custom.inc"
}
`);
}

function placeFor(description: object): OutputFile {
  const [file, ...others] = filesFor({ ...description, targets: ["rspamd"] });
  if (file === undefined || others.length > 0) throw new Error("there is not one file");
  place(file);
  return file;
}

async function start(): Promise<ServerProcess> {
  // The entrypoint of mailcow's container does this at each start.
  run("chown", "-R", "_rspamd:_rspamd", overrides);
  const server = startProcess(`exec rspamd -f -u _rspamd -g _rspamd -c ${configuration}`);
  await until("an answer of Rspamd", () => {
    if (!server.running) throw new Error(`Rspamd has ended:\n${server.printed}`);
    return fetch(controller).catch(() => undefined);
  });
  return server;
}

describe("with both passwords", () => {
  let server: ServerProcess | undefined;
  beforeAll(async () => {
    configure();
    placeFor({ rspamd: { enable_password: hashOf("to change"), password: hashOf("to look") } });
    writeFileSync(`${overrides}/worker-controller-password.inc`, `enable_password = "${hashOf("of the pages")}";\n`);
    server = await start();
  });
  afterAll(async () => server?.stop());

  test("enable_password allows everything", async () => {
    expect(await ask("/auth", "to change")).toMatchObject({ status: 200, data: { read_only: false } });
    expect((await ask("/statreset", "to change")).status).toBe(200);
  });

  test("password only allows to look", async () => {
    expect(await ask("/auth", "to look")).toMatchObject({ status: 200, data: { read_only: true } });
    expect((await ask("/statreset", "to look")).status).toBe(401);
  });

  test("nothing else does, also not what mailcow's pages have stored", async () => {
    for (const password of ["of the pages", "to chang", "", undefined]) expect((await ask("/auth", password)).status, password).toBe(401);
    expect((await ask("/auth", undefined, { "X-Forwarded-For": "127.0.0.1" })).status).toBe(401);
  });
});

test("password alone would allow everything, which is refused", async () => {
  const password = hashOf("to look");
  expect(() => filesFor({ rspamd: { password }, targets: ["rspamd"] })).toThrow("password alone allows everything");
  configure();
  writeFileSync(`${overrides}/worker-controller.custom.inc`, `password = "${password}";\n`);
  const server = await start();
  try {
    expect(await ask("/auth", "to look")).toMatchObject({ status: 200, data: { read_only: false } });
  } finally {
    await server.stop();
  }
});

test("the commands run in mailcow's folder, and only the schema refuses a wrong hash", () => {
  configure();
  const file = placeFor({ rspamd: { enable_password: hashOf("x") } });
  const expected = "/opt/mailcow-dockerized: compose exec -T rspamd-mailcow rspamadm configtest\n/opt/mailcow-dockerized: compose restart rspamd-mailcow\n";
  for (const line of [file.reload, ...headCommands(file.content)]) expect(command(line, { docker: 'echo "$PWD: $*"' })).toEqual({ status: 0, text: expected });
  expect(statSync(file.installPath ?? "").mode & 0o777).toBe(0o600);
  writeFileSync(file.installPath ?? "", 'enable_password = "$1$cut$off";\n');
  expect(attempt("rspamadm", "configtest", "-c", configuration)).toMatchObject({ status: 0 });
  expect(() => filesFor({ rspamd: { enable_password: "$1$cut$off" }, targets: ["rspamd"] })).toThrow("not a complete hash");
});

/** `rspamadm pw -c` asks a terminal for the hash and for the password. */
async function checked(hash: string, password: string): Promise<string> {
  const child = spawn("script", ["-qec", "rspamadm pw -c", "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = new Promise((done) => child.once("close", done));
  // Version 3.12 cuts its own question off.
  await until("the question for the hash", () => said.includes("Enter encrypted pa"));
  child.stdin.write(`${hash}\n`);
  await until("the question for the password", () => said.includes("passphrase:"));
  child.stdin.write(`${password}\n`);
  await ended;
  return said;
}

test.each([["secret"], ["with a space and 'quotes' \"$\\"], ["x".repeat(64)], ["y".repeat(65)]])("rspamadm accepts the hash of %s", async (password) => {
  freshFilesystem();
  terminals();
  expect(await checked(hashOf(password), password)).toContain("password correct");
  if (password === "secret") expect(await checked(hashOf(password), `${password}.`)).toContain("password incorrect");
});
