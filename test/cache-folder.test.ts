/** Where compiled code is kept: only in folders that nobody else can write to. */
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolder } from "../src/node/cache-folder.ts";

// Not below /tmp, which is everybody's.
let home = "";
beforeEach(() => {
  home = mkdtempSync(join(realpathSync(homedir()), ".mailcow-proxy-test-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("makes a folder below ~/.cache, for the user alone", () => {
  const folder = join(home, ".cache/mailcow-proxy");
  expect(cacheFolder({ HOME: home })).toBe(folder);
  expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  expect(cacheFolder({ HOME: home })).toBe(folder);
});

test("takes XDG_CACHE_HOME when that is absolute", () => {
  mkdirSync(join(home, "caches"));
  expect(cacheFolder({ HOME: home, XDG_CACHE_HOME: join(home, "caches") })).toBe(join(home, "caches/mailcow-proxy"));
  expect(cacheFolder({ HOME: home, XDG_CACHE_HOME: "caches" })).toBe(join(home, ".cache/mailcow-proxy"));
});

test("makes no home folder, and nothing in the root folder", () => {
  expect(cacheFolder({ HOME: join(home, "nobody") })).toBeUndefined();
  expect(existsSync(join(home, "nobody"))).toBe(false);
  for (const HOME of ["/", "//", "", "relative", undefined]) expect(cacheFolder({ HOME })).toBeUndefined();
});

test("takes no folder that others can write to, nor one below such a folder", () => {
  for (const mode of [0o777, 0o1777, 0o775]) {
    mkdirSync(join(home, "open/home/.cache/mailcow-proxy"), { recursive: true });
    chmodSync(join(home, "open"), mode);
    expect(cacheFolder({ HOME: join(home, "open/home") })).toBeUndefined();
    expect(cacheFolder({ HOME: join(home, "open") })).toBeUndefined();
  }
  chmodSync(join(home, "open"), 0o755);
  expect(cacheFolder({ HOME: join(home, "open/home") })).toBeDefined();
  chmodSync(join(home, "open/home/.cache/mailcow-proxy"), 0o770);
  expect(cacheFolder({ HOME: join(home, "open/home") })).toBeUndefined();
});

test("makes nothing in a home that others can write to", () => {
  chmodSync(home, 0o777);
  expect(cacheFolder({ HOME: home })).toBeUndefined();
  expect(existsSync(join(home, ".cache"))).toBe(false);
});

test("looks at where links lead", () => {
  mkdirSync(join(home, "open"));
  chmodSync(join(home, "open"), 0o777);
  mkdirSync(join(home, "open/cache"));
  symlinkSync("open/cache", join(home, ".cache"));
  expect(cacheFolder({ HOME: home })).toBeUndefined();
});

test("takes a file in the place of a folder for none", () => {
  writeFileSync(join(home, ".cache"), "");
  expect(cacheFolder({ HOME: home })).toBeUndefined();
});

test("gives a path without links, which nobody can swap after the check", () => {
  mkdirSync(join(home, "real"));
  symlinkSync("real", join(home, ".cache"));
  expect(cacheFolder({ HOME: home })).toBe(join(home, "real/mailcow-proxy"));
});

test.each([0o600, 0o400, 0o200, 0o000])("takes no folder of mode %o, which its user cannot use", (mode) => {
  mkdirSync(join(home, ".cache/mailcow-proxy"), { recursive: true });
  chmodSync(join(home, ".cache/mailcow-proxy"), mode);
  expect(cacheFolder({ HOME: home })).toBeUndefined();
});
