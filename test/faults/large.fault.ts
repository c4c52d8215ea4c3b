/** Descriptions as large as they may be, many of them in one run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { install } from "../installed.ts";
import { expectLittleMemory } from "../large-hosts.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "mailcow-proxy-large-"));
  install(home);
});
afterAll(() => rmSync(home, { recursive: true }));

test("many at once, and such as share a server, take no more memory than a few", () => {
  // All of the output takes 570 MB. Close to what it needs, V8 gives up on a busy machine, where collecting takes longer.
  expectLittleMemory(home, join(home, "node_modules/.bin/mailcow-proxy"), 5000, 400);
});
