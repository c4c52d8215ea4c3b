/** Where compiled code is kept when root runs with the HOME of another user, as sudo may leave it. Needs root. */
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cacheFolder } from "../../src/node/cache-folder.ts";

// Not below /tmp, where everybody can write.
let home = "";
beforeEach(() => {
  home = mkdtempSync(join(realpathSync(homedir()), ".mailcow-proxy-test-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("takes nothing of another user: root with the HOME that sudo left", () => {
  mkdirSync(join(home, "alice"));
  chownSync(join(home, "alice"), 1000, 1000);
  expect(cacheFolder({ HOME: join(home, "alice") })).toBeUndefined();
  expect(existsSync(join(home, "alice/.cache"))).toBe(false);
  mkdirSync(join(home, "alice/.cache/mailcow-proxy"), { recursive: true });
  chownSync(join(home, "alice/.cache/mailcow-proxy"), 0, 0);
  expect(cacheFolder({ HOME: join(home, "alice") })).toBeUndefined();
});
