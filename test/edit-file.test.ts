/** Changing a file on a real disk, where others are at it and things go wrong. */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, lstatSync, lutimesSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createFile, editFile, exists, folderOf } from "../src/node/edit-file.ts";
import { ownMark } from "../src/node/processes.ts";
import { install } from "./installed.ts";

const root = process.getuid?.() === 0;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-edit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const append = (text: string) => (before: Uint8Array) => Buffer.concat([before, Buffer.from(text)]);
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test("keeps the old file as the backup, and owner and mode with the new one", async () => {
  const file = join(folder, "mailcow.conf");
  writeFileSync(file, "A=1\n");
  // Only root gives files away.
  const [uid, gid] = root ? [1234, 4321] : [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  chownSync(file, uid, gid);
  chmodSync(file, 0o640);
  const { ino } = statSync(file);
  expect(await editFile(folder, "mailcow.conf", append("B=2\n"))).toEqual({ path: "mailcow.conf", folder, backup: "mailcow.conf.bak" });
  expect(read("mailcow.conf")).toBe("A=1\nB=2\n");
  expect(read("mailcow.conf.bak")).toBe("A=1\n");
  expect(statSync(join(folder, "mailcow.conf.bak"))).toMatchObject({ ino, uid, gid, mode: 0o100640 });
  expect(statSync(file)).toMatchObject({ uid, gid, mode: 0o100640, nlink: 1 });
  expect(readdirSync(folder)).toEqual(["mailcow.conf", "mailcow.conf.bak"]);
});

test("keeps every backup", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "0");
  for (const backup of ["mailcow.conf.bak", "mailcow.conf.bak.1", "mailcow.conf.bak.2"]) {
    expect((await editFile(folder, "mailcow.conf", append("+"))).backup).toBe(backup);
  }
  expect(["mailcow.conf.bak", "mailcow.conf.bak.1", "mailcow.conf.bak.2", "mailcow.conf"].map(read)).toEqual(["0", "0+", "0++", "0+++"]);
});

test("writes nothing behind a link that stands in the place of the new file", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "A=1\n");
  writeFileSync(join(folder, "victim"), "root's own\n");
  symlinkSync("victim", join(folder, ".mailcow.conf.mailcow-proxy"));
  expect((await editFile(folder, "mailcow.conf", append("B=2\n"))).backup).toBe("mailcow.conf.bak");
  expect([read("victim"), read("mailcow.conf")]).toEqual(["root's own\n", "A=1\nB=2\n"]);
  expect(lstatSync(join(folder, "mailcow.conf")).isFile()).toBe(true);
});

test.each([
  ["a FIFO", "it is a FIFO, not a regular file", (file: string) => spawnSync("mkfifo", [file])],
  ["a link", "it was replaced by a symbolic link", (file: string) => symlinkSync("victim", file)],
])("reads nothing from %s that takes the file's place meanwhile", async (_, reason, put) => {
  const file = join(folder, "mailcow.conf");
  writeFileSync(file, "A=1\n");
  writeFileSync(join(folder, "victim"), "A=1\n");
  const change = (before: Uint8Array) => {
    rmSync(file);
    put(file);
    return append("B=2\n")(before);
  };
  const writer = spawn("sh", ["-c", 'sleep 2; [ ! -p "$0" ] || echo A=2 >"$0"', file]);
  try {
    await expect(editFile(folder, "mailcow.conf", change)).rejects.toThrow(`cannot write mailcow.conf: ${reason}`);
  } finally {
    writer.kill();
  }
  expect([readdirSync(folder), read("victim")]).toEqual([["mailcow.conf", "victim"], "A=1\n"]);
});

test("touches nothing when nothing changes", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "A=1\n");
  const before = statSync(join(folder, "mailcow.conf"));
  expect(await editFile(folder, "mailcow.conf", (bytes) => bytes)).toEqual({ path: "mailcow.conf", folder, backup: undefined });
  expect(statSync(join(folder, "mailcow.conf"))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  expect(readdirSync(folder)).toEqual(["mailcow.conf"]);
});

test("follows a symbolic link and leaves it", async () => {
  mkdirSync(join(folder, "mailcow"));
  writeFileSync(join(folder, "mailcow/mailcow.conf"), "A=1\n");
  symlinkSync("mailcow.conf", join(folder, "mailcow/.env"));
  symlinkSync("mailcow/.env", join(folder, "link"));
  expect(await editFile(folder, "link", append("B=2\n"))).toEqual({ path: "mailcow/mailcow.conf", folder: join(folder, "mailcow"), backup: "mailcow/mailcow.conf.bak" });
  expect(readlinkSync(join(folder, "link"))).toBe("mailcow/.env");
  expect(readlinkSync(join(folder, "mailcow/.env"))).toBe("mailcow.conf");
  expect(lstatSync(join(folder, "mailcow/mailcow.conf")).isFile()).toBe(true);
  expect(read("link")).toBe("A=1\nB=2\n");
});

test("many at once lose nothing", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "");
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  await Promise.all(numbers.map((number) => editFile(folder, "mailcow.conf", append(`${number}\n`))));
  expect(read("mailcow.conf").split("\n").filter((line) => line !== "").map(Number).toSorted((left, right) => left - right)).toEqual(numbers);
  expect(readdirSync(folder)).toHaveLength(21);
});

test("starts again when somebody else changes the file meanwhile", async () => {
  const file = join(folder, "mailcow.conf");
  writeFileSync(file, "A=1\n");
  let calls = 0;
  await editFile(folder, "mailcow.conf", (before) => {
    if (calls++ === 0) writeFileSync(file, "edited by hand, and longer\n");
    return append("B=2\n")(before);
  });
  expect([calls, read("mailcow.conf"), read("mailcow.conf.bak")]).toEqual([2, "edited by hand, and longer\nB=2\n", "edited by hand, and longer\n"]);
});

test.each<[string, () => void, string]>([
  ["a file that is not there", () => {}, "cannot write mailcow.conf: no such file"],
  ["a folder", () => mkdirSync(join(folder, "mailcow.conf")), "cannot write mailcow.conf: it is not a regular file"],
  ["a link that leads nowhere", () => symlinkSync("nowhere", join(folder, "mailcow.conf")), "cannot write mailcow.conf: no such file"],
  ["the lock of a run on another host", () => (writeFileSync(join(folder, "mailcow.conf"), ""), symlinkSync("elsewhere:1", join(folder, ".mailcow.conf.mailcow-proxy.lock"))), "cannot write mailcow.conf: another run is writing it; if none is running, remove .mailcow.conf.mailcow-proxy.lock, which an earlier run left behind"],
])("says what is wrong with %s", async (_, prepare, sentence) => {
  prepare();
  const before = readdirSync(folder);
  await expect(editFile(folder, "mailcow.conf", append("B=2\n"))).rejects.toThrow(sentence);
  expect(readdirSync(folder)).toEqual(before);
});

test("cleans up after a run that was killed", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "A=1\n");
  writeFileSync(join(folder, ".mailcow.conf.mailcow-proxy"), "half of a");
  const { pid } = spawnSync("true");
  symlinkSync(`${hostname()}:${ownMark().replace(/\d+$/, String(pid))}`, join(folder, ".mailcow.conf.mailcow-proxy.lock"));
  await editFile(folder, "mailcow.conf", append("B=2\n"));
  expect([read("mailcow.conf"), readdirSync(folder)]).toEqual(["A=1\nB=2\n", ["mailcow.conf", "mailcow.conf.bak"]]);
});

test("cleans up after a run of another container, once it cannot be running any more", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "A=1\n");
  const place = join(folder, ".mailcow.conf.mailcow-proxy.lock");
  // No process has the number here, and there one may.
  symlinkSync(`${hostname()}:0123abcd.${spawnSync("true").pid}`, place);
  await expect(editFile(folder, "mailcow.conf", append("B=2\n"))).rejects.toThrow("another run is writing it");
  const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
  lutimesSync(place, hoursAgo, hoursAgo);
  await editFile(folder, "mailcow.conf", append("B=2\n"));
  expect([read("mailcow.conf"), readdirSync(folder)]).toEqual(["A=1\nB=2\n", ["mailcow.conf", "mailcow.conf.bak"]]);
});

test("leaves the file and nothing beside it when the change fails", async () => {
  writeFileSync(join(folder, "mailcow.conf"), "A=1\n");
  await expect(
    editFile(folder, "mailcow.conf", () => {
      throw new Error("a bug");
    }),
  ).rejects.toThrow("a bug");
  expect([read("mailcow.conf"), readdirSync(folder)]).toEqual(["A=1\n", ["mailcow.conf"]]);
});

describe("the program", () => {
  let home = "";
  let program = "";
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "mailcow-proxy-installed-"));
    install(home);
    program = join(home, "node_modules/.bin/mailcow-proxy");
    chmodSync(home, 0o755);
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const conf = `${"# A comment to make it long enough.\n".repeat(200)}HTTP_PORT=80\nDBPASS=the-database-password\n`;
  beforeEach(() => {
    chmodSync(folder, 0o777);
    writeFileSync(join(folder, "mailcow.conf"), conf);
    writeFileSync(join(folder, "mailcow-proxy.yaml"), "hostname: mail.example.org\n");
    for (const name of ["mailcow.conf", "mailcow-proxy.yaml"]) chmodSync(join(folder, name), 0o644);
  });

  /** What is left when it cannot be written. */
  function expectUntouched({ status, stdout, stderr }: ReturnType<typeof spawnSync>, reason: string): void {
    expect({ status, out: String(stdout), err: String(stderr) }).toEqual({ status: 3, out: "", err: `mailcow-proxy: cannot write mailcow.conf: ${reason}\n` });
    expect(read("mailcow.conf")).toBe(conf);
    expect(readdirSync(folder)).toEqual(["mailcow-proxy.yaml", "mailcow.conf"]);
  }

  test("a disk with no room for it leaves the file", () => {
    // A limit on the size of files stands in for it: it, too, shows after the first bytes.
    const command = `ulimit -f 2; exec "$0" merge --into mailcow.conf --write`;
    expectUntouched(spawnSync("sh", ["-c", command, program], { cwd: folder }), "the file would be too large");
  });

  test("a file that may not be written stays", () => {
    chmodSync(join(folder, "mailcow.conf"), 0o444);
    // root may write everything.
    const somebody = root ? { uid: 65534, gid: 65534 } : {};
    expectUntouched(spawnSync(program, ["merge", "--into", "mailcow.conf", "--write"], { cwd: folder, ...somebody }), "permission denied");
  });

  test("a folder in which nothing may be made leaves the file", () => {
    chmodSync(join(folder, "mailcow.conf"), 0o666);
    chmodSync(folder, 0o555);
    const somebody = root ? { uid: 65534, gid: 65534 } : {};
    expectUntouched(spawnSync(program, ["merge", "--into", "mailcow.conf", "--write"], { cwd: folder, ...somebody }), "permission denied");
    chmodSync(folder, 0o755);
  });

  test("several at once each find the others' work", async () => {
    const hosts = ["a", "b", "c", "d"];
    for (const host of hosts) writeFileSync(join(folder, `${host}.yaml`), `hostname: ${host}.example.org\n`);
    const runs = hosts.map((host) => {
      const child = spawn(program, ["merge", `${host}.yaml`, "--into", "mailcow.conf", "--write", "--rename-hostname"], { cwd: folder, stdio: "ignore" });
      return new Promise((done) => {
        child.on("exit", done);
      });
    });
    expect(await Promise.all(runs)).toEqual([0, 0, 0, 0]);
    const backups = readdirSync(folder).filter((name) => name.startsWith("mailcow.conf."));
    expect(backups).toHaveLength(4);
    // Each of the five texts was the file once: the first, and one for each host, the last of which it is now.
    const texts = ["mailcow.conf", ...backups].map(read);
    expect(new Set(texts.map((text) => /^MAILCOW_HOSTNAME=(.*)$/m.exec(text)?.[1]))).toEqual(new Set([undefined, ...hosts.map((host) => `${host}.example.org`)]));
    for (const text of texts) expect(text).toContain("DBPASS=the-database-password\n");
  });
});

describe("a new file", () => {
  test("is written whole", async () => {
    await createFile(folder, "mailcow-proxy.yaml", "hostname: mail.example.org\n");
    expect([read("mailcow-proxy.yaml"), readdirSync(folder)]).toEqual(["hostname: mail.example.org\n", ["mailcow-proxy.yaml"]]);
  });

  test.each<[string, () => void]>([
    ["a file", () => writeFileSync(join(folder, "x"), "")],
    ["a folder", () => mkdirSync(join(folder, "x"))],
    ["a link that leads nowhere", () => symlinkSync("nowhere", join(folder, "x"))],
  ])("does not take the place of %s", async (_, prepare) => {
    expect(await exists(folder, "x")).toBe(false);
    prepare();
    expect(await exists(folder, "x")).toBe(true);
    await expect(createFile(folder, "x", "text")).rejects.toThrow("cannot write x: it already exists");
    expect(readdirSync(folder)).toEqual(["x"]);
  });

  test("needs its folder", async () => {
    await expect(createFile(folder, "a/b", "text")).rejects.toThrow("cannot write a/b: no such file");
  });
});

test("the folder of a file is that of the file it links to", async () => {
  mkdirSync(join(folder, "mailcow"));
  writeFileSync(join(folder, "mailcow/mailcow.conf"), "");
  symlinkSync("mailcow/mailcow.conf", join(folder, "link"));
  expect([await folderOf(folder, "mailcow/mailcow.conf"), await folderOf(folder, "link")]).toEqual([join(folder, "mailcow"), join(folder, "mailcow")]);
  await expect(folderOf(folder, "nowhere")).rejects.toThrow("cannot read nowhere: no such file");
});

describe("a file that does not exist yet", () => {
  test("is made with the given mode under any umask, completely, and without a backup", async () => {
    const before = process.umask(0o077);
    try {
      expect(await editFile(folder, "extra.cf", append("A=1\n"), 0o644)).toEqual({ path: "extra.cf", folder, backup: undefined, isNew: true });
    } finally {
      process.umask(before);
    }
    expect(readFileSync(join(folder, "extra.cf"), "utf8")).toBe("A=1\n");
    expect(statSync(join(folder, "extra.cf")).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(["extra.cf"]);
    expect(await editFile(folder, "extra.cf", append("B=2\n"), 0o644)).toEqual({ path: "extra.cf", folder, backup: "extra.cf.bak" });
  });

  test("is not made without content", async () => {
    expect(await editFile(folder, "extra.cf", (bytes) => bytes, 0o644)).toMatchObject({ backup: undefined, isNew: false });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("does not replace one that somebody makes in the meantime", async () => {
    const change = () => {
      writeFileSync(join(folder, "extra.cf"), "theirs\n");
      return Buffer.from("ours\n");
    };
    await expect(editFile(folder, "extra.cf", change, 0o644)).rejects.toThrow("cannot write extra.cf: another program has just made it; run this again");
    expect(readFileSync(join(folder, "extra.cf"), "utf8")).toBe("theirs\n");
    expect(readdirSync(folder)).toEqual(["extra.cf"]);
  });

  test("is an error without a mode, below a missing folder, and behind a broken link", async () => {
    await expect(editFile(folder, "extra.cf", append(""))).rejects.toThrow("cannot write extra.cf: no such file");
    await expect(editFile(folder, "missing/extra.cf", append("A=1\n"), 0o644)).rejects.toThrow("cannot write missing/extra.cf: no such file");
    symlinkSync("nowhere", join(folder, "extra.cf"));
    await expect(editFile(folder, "extra.cf", append("A=1\n"), 0o644)).rejects.toThrow("cannot write extra.cf: no such file");
    expect(readdirSync(folder)).toEqual(["extra.cf"]);
  });
});
