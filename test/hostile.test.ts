/** Hostile input gets an answer from the program as it is installed; `npm run bench:hostile` says what each costs. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { confs, shapes, tooLargeConfs } from "./hostile-shapes.js";
import { install } from "./installed.ts";
import { mailcowProxy } from "./memory-io.ts";

/** Milliseconds after which a run is stuck, and MiB of what V8 may keep; what it takes is a tenth of the one and less than the other. */
const patience = 30_000;
const heap = 300;

let home = "";
let program = "";
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "mailcow-proxy-hostile-"));
  await install(home);
  program = join(home, "node_modules/.bin/mailcow-proxy");
});
afterAll(() => rmSync(home, { recursive: true }));

const run = (args: readonly string[], input?: string | Uint8Array) =>
  spawnSync(process.execPath, [`--max-old-space-size=${heap}`, program, ...args], { cwd: home, encoding: "utf8", timeout: patience, maxBuffer: 256 * 1024 ** 2, ...(input === undefined ? {} : { input }) });

describe("a description", () => {
  test.each(shapes)("of $name", ({ description, code }) => {
    const text = description();
    writeFileSync(join(home, "a.yaml"), text);
    const { status, signal, stdout, stderr } = run(["generate", "a.yaml"]);
    expect({ status, signal }).toEqual({ status: code === undefined ? 0 : 1, signal: null });
    if (code === undefined) {
      expect(stdout).toMatch(/^# ==> nginx\/.*^# ==> mailcow-conf\//ms);
      return;
    }
    expect(stdout).toBe("");
    const [, line = "", column = "", severity, found] = /^a\.yaml:(\d+):(\d+): (\w+): .*\[([a-z0-9-]+)\]$/m.exec(stderr) ?? [];
    expect({ severity, found }).toEqual({ severity: "error", found: code });
    const lines = Buffer.from(text).toString().split("\n");
    expect(Number(line)).toBeLessThanOrEqual(lines.length);
    expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1] ?? "").length + 1);
    expect(stderr.match(/^a\.yaml:/gm)?.length).toBeLessThanOrEqual(101);
    expect(stderr.length).toBeLessThan(101 * 1000);
  }, 2 * patience);
});

describe("a mailcow.conf", () => {
  const description = "hostname: mail.example.org\nmail_domains: [example.org]\n";

  test.each(confs)("of $name", async ({ conf }) => {
    const text = Buffer.from(conf()).toString("latin1");
    writeFileSync(join(home, "small.yaml"), description);
    writeFileSync(join(home, "mailcow.conf"), text, "latin1");
    const { status, signal, stdout, stderr } = run(["init", "--from", "mailcow.conf", "-o", "-"]);
    const error = /^mailcow\.conf:\d+:\d+: error: /m.test(stderr);
    expect({ status, signal, silent: stdout === "" }).toEqual({ status: error ? 1 : 0, signal: null, silent: error });
    expect(stderr.length).toBeLessThan(300 * 1000);
    if (!error) expect((await mailcowProxy(["validate", "a.yaml"], { "a.yaml": Buffer.from(stdout).toString("latin1") })).status).toBe(0);

    const merged = await mailcowProxy(["merge", "small.yaml", "--into", "mailcow.conf", "--write"], { "small.yaml": description, "mailcow.conf": text });
    const refused = /^mailcow\.conf:\d+:\d+: error: /m.test(merged.err);
    expect(merged.status).toBe(refused ? 1 : 0);
    if (refused) expect(merged.files.get("mailcow.conf")).toBe(text);
    else expect(merged.files.get("mailcow.conf")).toMatch(/MAILCOW_HOSTNAME="?mail\.example\.org"?\s/);
  }, 2 * patience);

  test.each(tooLargeConfs)("of $name is too large", ({ conf }) => {
    writeFileSync(join(home, "small.yaml"), description);
    writeFileSync(join(home, "mailcow.conf"), conf());
    const before = readdirSync(home);
    for (const args of [["init", "--from", "mailcow.conf", "-o", "-"], ["merge", "small.yaml", "--into", "mailcow.conf"], ["merge", "small.yaml", "--into", "mailcow.conf", "--write"]]) {
      const { status, stdout, stderr } = run(args);
      expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: "", stderr: "mailcow-proxy: cannot read mailcow.conf: a mailcow.conf has at most 524288 bytes, and this has more\n" });
    }
    expect(readdirSync(home)).toEqual(before);
    expect(readFileSync(join(home, "mailcow.conf")).equals(Buffer.from(conf()))).toBe(true);
  }, 2 * patience);
});

test("many large descriptions at once, and such as share a server, take no more memory than a few", () => {
  const hosts = mkdtempSync(join(home, "hosts-"));
  const domains = (host: number) => Array.from({ length: 5000 }, (_, index) => `d${index}.h${host}.example.org`).join(", ");
  for (let host = 1; host <= 8; host++) {
    writeFileSync(join(hosts, `${host}.yaml`), `hostname: mail${host}.example.org\nmail_domains: [${domains(host)}]\ntls: { sni: true }\nmailcow: { directory: /opt/m${host}, http: { bind: 10.9.9.${host} } }\n`);
  }
  for (const [index, options] of [[], ["--shared"]].entries()) {
    const { status, signal, stdout } = run(["generate", hosts, ...options, "-o", `out-${index}`]);
    expect({ status, signal, last: /mail8/.test(stdout) }).toEqual({ status: 0, signal: null, last: true });
  }
}, 4 * patience);

describe("a file without an end", () => {
  const tooLarge = /:1:1: error: a description has at most 262144 characters, and this has more \[too-large\]/;

  test("is read as far as a description may go", () => {
    const { status, stderr } = run(["validate", "/dev/zero"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(tooLarge);
  });

  test.each(['"$@" < /dev/zero', 'mkfifo pipe; (yes mailcow > pipe &) ; "$@" < pipe'])("as standard input, %s", (script) => {
    const { status, signal, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, program, "validate", "-"], { cwd: mkdtempSync(join(home, "stdin-")), encoding: "utf8", timeout: patience });
    expect({ status, signal }).toEqual({ status: 1, signal: null });
    expect(stderr).toMatch(tooLarge);
  });

  test("through a pipe with a name", () => {
    const script = 'mkfifo pipe; (yes mailcow > pipe &) ; "$@"';
    const { status, signal, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, program, "validate", "pipe"], { cwd: mkdtempSync(join(home, "pipe-")), encoding: "utf8", timeout: patience });
    expect({ status, signal }).toEqual({ status: 1, signal: null });
    expect(stderr).toMatch(tooLarge);
  });
});

describe("a FIFO that nobody writes to", () => {
  /** In each, `fifo` is one, and so is a name that a command would read or write. */
  function inFolder(args: readonly string[], fifos: readonly string[], input?: string) {
    const cwd = mkdtempSync(join(home, "fifo-"));
    writeFileSync(join(cwd, "mail.yaml"), "hostname: mail.example.org\n");
    for (const name of ["hosts", "out/nginx", "own/nginx"]) mkdirSync(join(cwd, name), { recursive: true });
    writeFileSync(join(cwd, "hosts/a.yaml"), "hostname: mail.example.org\n");
    writeFileSync(join(cwd, "mailcow.conf"), "MAILCOW_HOSTNAME=mail.example.org\n");
    for (const fifo of fifos) expect(spawnSync("mkfifo", [join(cwd, fifo)]).status).toBe(0);
    const { status, signal, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, encoding: "utf8", timeout: 10_000, ...(input === undefined ? {} : { input }) });
    return { status, signal, stderr };
  }

  const help = "To read what a program writes, pipe it to standard input and give - as the file.\n";
  const refused = (file: string) => ({ status: 3, signal: null, stderr: `mailcow-proxy: cannot read ${file}: it is a FIFO, not a regular file, and its end did not come within a second\n${help}` });

  test.each([
    ["a description", ["validate", "fifo"]],
    ["the description of merge", ["merge", "fifo", "--into", "mailcow.conf"]],
    ["the mailcow.conf of merge", ["merge", "mail.yaml", "--into", "fifo"]],
    ["the mailcow.conf of merge --write", ["merge", "mail.yaml", "--into", "fifo", "--write"]],
    ["the mailcow.conf of init", ["init", "--from", "fifo", "-o", "-"]],
  ])("is refused as %s", (_, args) => expect(inFolder(args, ["fifo"])).toEqual(refused("fifo")));

  test("is refused in a folder of descriptions", () => expect(inFolder(["generate", "hosts"], ["hosts/b.yaml"])).toEqual(refused("hosts/b.yaml")));

  test.each([
    ["to be compared", ["generate", "mail.yaml", "-o", "out", "--check"], "out/nginx/mailcow-mail.example.org.conf", "read"],
    ["to be written", ["generate", "mail.yaml", "-o", "out"], "out/nginx/mailcow-mail.example.org.conf", "write"],
    ["of the user's templates", ["generate", "mail.yaml", "--templates", "own"], "own/nginx/site.conf.hbs", "read"],
  ])("is refused in the place of a file %s", (_, args, place, action) =>
    expect(inFolder(args, [place])).toEqual({ status: 3, signal: null, stderr: `mailcow-proxy: cannot ${action} ${place}: it is a FIFO, not a regular file\n` }));

  test("is waited for where the shell has opened it", () => {
    const script = '"$@" validate <(sleep 1.5; echo "hostname: mail") </dev/null';
    const { status, stderr } = spawnSync("bash", ["-c", script, "bash", process.execPath, program], { encoding: "utf8", timeout: patience });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\/dev\/fd\/\d+:1:11: error: .*\[host-name\]$/m);
  });
});

test("what is read may end within a character", () => {
  const { status, stderr } = run(["validate", "-"], `# ${"€".repeat(500_000)}`);
  expect(status).toBe(1);
  expect(stderr).toContain("[too-large]");
});
