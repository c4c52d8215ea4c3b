/** Files without an end, that nobody writes to, or that are many and large, read by the program as it is installed. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { heap, patience } from "./hostile-runner.ts";
import { install } from "./installed.ts";
import { expectLittleMemory } from "./large-hosts.ts";

let home = "";
let program = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "mailcow-proxy-hostile-"));
  install(home);
  program = join(home, "node_modules/.bin/mailcow-proxy");
});
afterAll(() => rmSync(home, { recursive: true }));

const run = (args: readonly string[], input?: string | Uint8Array) =>
  spawnSync(process.execPath, [`--max-old-space-size=${heap}`, program, ...args], { cwd: home, encoding: "utf8", timeout: patience, maxBuffer: 256 * 1024 ** 2, ...(input === undefined ? {} : { input }) });

async function ended(child: ChildProcess) {
  let stderr = "";
  child.stderr?.on("data", (text) => void (stderr += String(text)));
  const [status, signal]: unknown[] = await once(child, "close");
  return { status, signal, stderr };
}

// test/faults/large.fault.ts has them as large as they may be.
test("many large descriptions at once, and such as share a server, take no more memory than a few", () => {
  expectLittleMemory(home, program, 625, 45);
}, 600_000);

describe("a file without an end", () => {
  const tooLarge = /:1:1: error: this file has more than 262144 characters \[too-large\]/;

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

// A failure to report a failure must not be reported again, for ever.
test.each([
  ["validate bad.yaml 2>/dev/full", 3],
  ["targets >/dev/full", 3],
  ["targets >/dev/full 2>/dev/full", 3],
])("an output that cannot be written: %s", (line, status) => {
  writeFileSync(join(home, "bad.yaml"), "hostname: 1\n");
  const [words = "", redirections = ""] = line.split(/(?= 2?>)(.*)/s);
  const result = spawnSync("sh", ["-c", `"$0" "$1" ${words}${redirections}`, process.execPath, program], { cwd: home, encoding: "utf8", timeout: patience });
  expect({ status: result.status, signal: result.signal }).toEqual({ status, signal: null });
});

// Each is waited for, so they are at the same time.
describe.concurrent("a FIFO that nobody writes to", () => {
  /** In each, `fifo` is one, and so is a name that a command would read or write. */
  async function inFolder(args: readonly string[], fifos: readonly string[]) {
    const cwd = mkdtempSync(join(home, "fifo-"));
    writeFileSync(join(cwd, "mail.yaml"), "hostname: mail.example.org\n");
    for (const name of ["hosts", "out/nginx", "own/nginx"]) mkdirSync(join(cwd, name), { recursive: true });
    writeFileSync(join(cwd, "hosts/a.yaml"), "hostname: mail.example.org\n");
    writeFileSync(join(cwd, "mailcow.conf"), "MAILCOW_HOSTNAME=mail.example.org\n");
    for (const fifo of fifos) expect(spawnSync("mkfifo", [join(cwd, fifo)]).status).toBe(0);
    return ended(spawn(process.execPath, [program, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"], timeout: patience }));
  }

  const help = "To read the output of a program, pipe it to standard input and use - as the file.\n";
  const refused = (file: string) => ({ status: 3, signal: null, stderr: `mailcow-proxy: cannot read ${file}: it is a FIFO, not a regular file, and did not end within a second\n${help}` });

  test.each([
    ["a description", ["validate", "fifo"]],
    ["the description of merge", ["merge", "fifo", "--into", "mailcow.conf"]],
    ["the mailcow.conf of merge", ["merge", "mail.yaml", "--into", "fifo"]],
    ["the mailcow.conf of merge --write", ["merge", "mail.yaml", "--into", "fifo", "--write"]],
    ["the mailcow.conf of init", ["init", "--from", "fifo", "-o", "-"]],
  ])("is refused as %s", async (_, args) => expect(await inFolder(args, ["fifo"])).toEqual(refused("fifo")));

  test("is refused in a folder of descriptions", async () => expect(await inFolder(["generate", "hosts"], ["hosts/b.yaml"])).toEqual(refused("hosts/b.yaml")));

  test.each([
    ["to be compared", ["generate", "mail.yaml", "-o", "out", "--check"], "out/nginx/mailcow-mail.example.org.conf", "read"],
    ["to be written", ["generate", "mail.yaml", "-o", "out"], "out/nginx/mailcow-mail.example.org.conf", "write"],
    ["of the user's templates", ["generate", "mail.yaml", "--templates", "own"], "own/nginx/site.conf.hbs", "read"],
  ])("is refused in the place of a file %s", async (_, args, place, action) =>
    expect(await inFolder(args, [place])).toEqual({ status: 3, signal: null, stderr: `mailcow-proxy: cannot ${action} ${place}: it is a FIFO, not a regular file\n` }));

  test("is waited for where the shell has opened it", async () => {
    const script = '"$@" validate <(sleep 1.5; echo "hostname: mail") </dev/null';
    const { status, stderr } = await ended(spawn("bash", ["-c", script, "bash", process.execPath, program], { stdio: ["ignore", "ignore", "pipe"], timeout: patience }));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\/dev\/fd\/\d+:1:11: error: .*\[host-name\]$/m);
  });
});

test("what is read may end within a character", () => {
  const { status, stderr } = run(["validate", "-"], `# ${"€".repeat(500_000)}`);
  expect(status).toBe(1);
  expect(stderr).toContain("[too-large]");
});
