/** The program killed at any moment, and disks that refuse: each file is the old one or the new one, whole. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { install } from "../installed.ts";
import { mailcowProxyIn } from "../real-io.ts";
import { filesBelow } from "../support.ts";

/** Kills for each way of writing. */
const kills = 100;

let home = "";
let program = "";
let folder = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "mailcow-proxy-faults-"));
  install(home);
  program = join(home, "node_modules/.bin/mailcow-proxy");
  chmodSync(home, 0o755);
});
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(home, "case-"));
  chmodSync(folder, 0o777);
});

const run = (...args: string[]) => spawnSync(program, args, { cwd: folder, encoding: "utf8" });
const tree = (of: string) => new Map(filesBelow(join(folder, of)).map((path) => [path, readFileSync(join(folder, of, path), "utf8")]));

/** Starts the program and kills it after a time that is spread over all that it takes. */
async function killed(milliseconds: number, ...args: string[]): Promise<"killed" | "done"> {
  const child = spawn(program, args, { cwd: folder, stdio: "ignore" });
  const ended = new Promise<"killed" | "done">((done) => {
    child.once("exit", (_status, signal) => done(signal === null ? "done" : "killed"));
  });
  await setTimeout(milliseconds);
  child.kill("SIGKILL");
  return await ended;
}

/** The name of a backup. Where a run is killed between it and its file, the next one makes one more. */
const backup = /\.bak(?:\.\d+)?$/;

/** Kills after which the time that a run takes is measured again: a machine is busier at one time than at another. */
const measured = 10;

/** Milliseconds that a run takes here and now. */
function durationOf(...args: string[]): number {
  const started = performance.now();
  expect(run(...args).status).toBe(0);
  return performance.now() - started;
}

describe(`killed ${kills} times`, () => {
  test("generate -o leaves files of the one or the other run, and the next one cleans up", async () => {
    const hosts = Array.from({ length: 12 }, (_, index) => `n${index}.example.org`);
    const describeAll = (port: number) => {
      mkdirSync(join(folder, "hosts"), { recursive: true });
      for (const host of hosts) writeFileSync(join(folder, "hosts", `${host}.yaml`), `hostname: ${host}\nmailcow: { http: { port: ${port} } }\n`);
    };
    describeAll(8080);
    run("generate", "hosts", "-o", "old");
    describeAll(18080);
    let duration = durationOf("generate", "hosts", "-o", "new");
    const [before, after] = [tree("old"), tree("new")];
    expect(before.size).toBe(48);
    const ends = new Set<string>();
    let between = 0;
    for (let index = 0; index < kills; index++) {
      if (index % measured === 0) {
        rmSync(join(folder, "new"), { recursive: true });
        duration = durationOf("generate", "hosts", "-o", "new");
      }
      rmSync(join(folder, "out"), { recursive: true, force: true });
      cpSync(join(folder, "old"), join(folder, "out"), { recursive: true });
      // The last third of the time is when it writes.
      ends.add(await killed(duration * (0.4 + (0.7 * index) / kills), "generate", "hosts", "-o", "out"));
      const found = tree("out");
      for (const path of before.keys()) expect([before.get(path), after.get(path)], path).toContain(found.get(path));
      if ([...before.keys()].some((path) => found.get(path) === after.get(path)) || found.size > before.size) between++;
      expect((await mailcowProxyIn(folder, ["generate", "hosts", "-o", "out"])).status).toBe(0);
      expect(tree("out")).toEqual(after);
    }
    // Otherwise nothing was disturbed.
    expect(ends).toContain("killed");
    expect(between).toBeGreaterThan(0);
  });

  test("merge --write leaves the old file or the new one, and the next one cleans up", async () => {
    const secrets = `DBPASS=${"x".repeat(32)}\n`.repeat(1000);
    const old = `${secrets}HTTP_PORT=80\n`;
    writeFileSync(join(folder, "mailcow-proxy.yaml"), "hostname: mail.example.org\n");
    const prepare = () => {
      for (const name of readdirSync(folder)) if (name !== "mailcow-proxy.yaml") rmSync(join(folder, name), { force: true });
      writeFileSync(join(folder, "mailcow.conf"), old);
    };
    prepare();
    let duration = durationOf("merge", "--into", "mailcow.conf", "--write");
    const merged = readFileSync(join(folder, "mailcow.conf"), "utf8");
    expect(merged).toContain("HTTP_PORT=8080\n");
    const ends = new Set<string>();
    for (let index = 0; index < kills; index++) {
      prepare();
      if (index % measured === 0) {
        duration = durationOf("merge", "--into", "mailcow.conf", "--write");
        prepare();
      }
      ends.add(await killed(duration * (0.4 + (0.7 * index) / kills), "merge", "--into", "mailcow.conf", "--write"));
      expect([old, merged]).toContain(readFileSync(join(folder, "mailcow.conf"), "utf8"));
      for (const name of readdirSync(folder).filter((name) => backup.test(name))) expect(readFileSync(join(folder, name), "utf8")).toBe(old);
      expect((await mailcowProxyIn(folder, ["merge", "--into", "mailcow.conf", "--write"])).status).toBe(0);
      expect(readFileSync(join(folder, "mailcow.conf"), "utf8")).toBe(merged);
      expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    }
    expect(ends).toContain("killed");
  });
});

test(`merge --write of several files, killed ${kills / 4} times, leaves each as it was or whole, and the next one makes the rest`, async () => {
  writeFileSync(join(folder, "mailcow-proxy.yaml"), `hostname: mail.example.org\nmailcow: { directory: ${folder}/mailcow }\nrelayhost: { host: relay.example.net }\nsyslog: {}\ntargets: [mailcow-conf, relayhost, docker-logging]\n`);
  const old = new Map([["mailcow.conf", "HTTP_PORT=80\n"], ["docker-compose.override.yml", `# ${"x".repeat(60)}\n`.repeat(1000)]]);
  const prepare = () => {
    rmSync(join(folder, "mailcow"), { recursive: true, force: true });
    mkdirSync(join(folder, "mailcow/data/conf/postfix"), { recursive: true });
    for (const [path, content] of old) writeFileSync(join(folder, "mailcow", path), content);
  };
  prepare();
  let duration = durationOf("merge", "--write");
  const withoutBackups = () => new Map([...tree("mailcow")].filter(([path]) => !backup.test(path)));
  const merged = withoutBackups();
  expect([...merged.keys()]).toEqual(["data/conf/postfix/extra.cf", "docker-compose.override.yml", "mailcow.conf"]);
  const ends = new Set<string>();
  for (let index = 0; index < kills / 4; index++) {
    prepare();
    if (index % measured === 0) {
      duration = durationOf("merge", "--write");
      prepare();
    }
    // The last third of the time is when it writes.
    ends.add(await killed(duration * (0.6 + (1.6 * index) / kills), "merge", "--write"));
    const found = tree("mailcow");
    for (const path of merged.keys()) expect([old.get(path), merged.get(path)], path).toContain(found.get(path));
    expect((await mailcowProxyIn(folder, ["merge", "--write"])).status).toBe(0);
    expect(withoutBackups()).toEqual(merged);
    for (const [path, content] of tree("mailcow")) if (backup.test(path)) expect(content, path).toBe(old.get(path.replace(backup, "")));
  }
  expect(ends).toContain("killed");
});

describe("generate -o, where it cannot write", () => {
  const yaml = (port = 8080) => writeFileSync(join(folder, "mailcow-proxy.yaml"), `hostname: mail.example.org\nmailcow: { http: { port: ${port} } }\n`);

  /** Exit status 3 with path and reason, and what was there is there. */
  function expectRefused(result: ReturnType<typeof run>, sentence: RegExp, before: ReadonlyMap<string, string>): void {
    expect(result.stderr).toMatch(sentence);
    expect(result.status).toBe(3);
    expect(tree("out")).toEqual(before);
  }

  const inMountedFolder = (mount: string) => spawnSync("unshare", ["--mount", "sh", "-c", `${mount} && exec "$0" generate -o out`, program], { cwd: folder, encoding: "utf8" });

  test("a full disk", () => {
    yaml();
    mkdirSync(join(folder, "out"));
    // 16 KiB take two of the four files; what is in the mount is seen by the program alone, so it lists it itself.
    const listed = spawnSync("unshare", ["--mount", "sh", "-c", `mount -t tmpfs -o size=16k none out && { "$0" generate -o out; echo "status $?"; find out -type f; }`, program], { cwd: folder, encoding: "utf8" });
    expect(listed.stderr).toMatch(/^mailcow-proxy: cannot write out\/\S+: the disk is full\n$/);
    expect(listed.stdout).toBe("status 3\n");
  });

  test("a read-only file system", () => {
    yaml();
    run("generate", "-o", "out");
    const before = tree("out");
    yaml(18080);
    expectRefused(inMountedFolder("mount --bind out out && mount -o remount,bind,ro out"), /cannot write out\/\S+: the file system is read-only/, before);
  });

  test("a folder of somebody else's", () => {
    yaml();
    run("generate", "-o", "out");
    const before = tree("out");
    yaml(18080);
    const somebody = { cwd: folder, encoding: "utf8", uid: 65534, gid: 65534 } as const;
    expectRefused(spawnSync(program, ["generate", "-o", "out"], somebody), /cannot write out\/\S+: permission denied/, before);
  });

  test("a folder where a file belongs", () => {
    yaml();
    mkdirSync(join(folder, "out/haproxy/mailcow-mail.example.org.cfg"), { recursive: true });
    expectRefused(run("generate", "-o", "out"), /cannot write out\/haproxy\/mailcow-mail\.example\.org\.cfg: it is a folder/, new Map());
  });

  test("a link that leads out of the folder", () => {
    yaml();
    mkdirSync(join(folder, "elsewhere"));
    mkdirSync(join(folder, "out"));
    symlinkSync("../elsewhere", join(folder, "out/apache"));
    expectRefused(run("generate", "-o", "out"), /cannot write out\/apache\/\S+: a symbolic link in its path leads out of out\n/, new Map());
    expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
  });

  test("a link in the place of a file is replaced, not followed", () => {
    yaml();
    writeFileSync(join(folder, "precious"), "as it was\n");
    mkdirSync(join(folder, "out/nginx"), { recursive: true });
    symlinkSync("../../precious", join(folder, "out/nginx/mailcow-mail.example.org.conf"));
    // What it leads to is not ours.
    expect(run("generate", "-o", "out").status).toBe(1);
    expect(tree("out")).toEqual(new Map());
    expect(run("generate", "-o", "out", "--overwrite").status).toBe(0);
    expect(readFileSync(join(folder, "precious"), "utf8")).toBe("as it was\n");
    expect(tree("out").get("nginx/mailcow-mail.example.org.conf")).toMatch(/^# nginx in front of mailcow/);
  });

  test("two runs in containers that share the folder, with the same process number", async () => {
    const hosts = Array.from({ length: 300 }, (_, index) => `n${index}.example.org`);
    mkdirSync(join(folder, "hosts"));
    for (const host of hosts) writeFileSync(join(folder, "hosts", `${host}.yaml`), `hostname: ${host}\ntargets: [nginx]\n`);
    const inContainer = (args: string[]) => spawn("unshare", ["--pid", "--fork", "--mount-proc", program, "generate", ...args], { cwd: folder, stdio: "ignore" });
    const end = (child: ChildProcess) =>
      new Promise((done) => {
        child.once("exit", done);
      });
    // What two of them make to the same places.
    mkdirSync(join(folder, "out/n0.example.org/nginx"), { recursive: true });
    const temporary = () => readdirSync(join(folder, "out/n0.example.org/nginx")).filter((name) => name.startsWith("."));
    const first = inContainer(["hosts", "-o", "out"]);
    const firstEnded = end(first);
    while (temporary().length === 0 && first.exitCode === null) await setImmediate();
    const inside = Number(readFileSync(`/proc/${first.pid}/task/${first.pid}/children`, "utf8"));
    process.kill(inside, "SIGSTOP");
    const [held = ""] = temporary();
    expect(held).toMatch(/\.1$/);
    expect(await end(inContainer(["hosts", "-o", "out"]))).toBe(0);
    expect(temporary()).toEqual([held]);
    process.kill(inside, "SIGCONT");
    expect(await firstEnded).toBe(0);
    run("generate", "hosts", "-o", "alone");
    expect(tree("out")).toEqual(tree("alone"));
  });

  test("two runs at once both end well, with whole files", async () => {
    yaml();
    const runs = Array.from({ length: 4 }, () => {
      const child = spawn(program, ["generate", "-o", "out"], { cwd: folder, stdio: "ignore" });
      return new Promise((done) => {
        child.once("exit", done);
      });
    });
    expect(await Promise.all(runs)).toEqual([0, 0, 0, 0]);
    run("generate", "-o", "alone");
    expect(tree("out")).toEqual(tree("alone"));
  });
});

test("a reader that has seen enough is no fault", () => {
  const names = Array.from({ length: 2000 }, (_, index) => `d${index}.example.org`);
  writeFileSync(join(folder, "mailcow-proxy.yaml"), `hostname: mail.example.org\nmail_domains: [${names.join(", ")}]\n`);
  for (const format of ["text", "json", "tar"]) {
    const { stdout, stderr, status } = spawnSync("bash", ["-c", `set -o pipefail; "$0" generate --format ${format} | head -c 20 | wc -c`, program], { cwd: folder, encoding: "utf8" });
    expect({ format, stdout: stdout.trim(), stderr, status }).toEqual({ format, stdout: "20", stderr: "", status: 0 });
  }
});
