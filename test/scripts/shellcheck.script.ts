/** Every script of the reviewed output and of the integrations is one that shellcheck has nothing to say about, and that dash and bash can read. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesBelow, root, snapshots } from "../support.ts";

const scripts = [snapshots, join(root, "integrations")].flatMap((folder) => filesBelow(folder).filter((path) => path.endsWith(".sh")).map((path) => join(folder, path)));

test("there are scripts", () => {
  expect(scripts.length).toBeGreaterThan(4);
  expect(scripts.filter((script) => !readFileSync(script, "utf8").startsWith("#!/bin/sh\n"))).toEqual([]);
});

test.each(scripts)("%s", (script) => {
  for (const [program, ...args] of [["shellcheck", "--shell=sh"], ["dash", "-n"], ["bash", "--posix", "-n"]] as const) {
    const { status, stdout, stderr } = spawnSync(program, [...args, script], { encoding: "utf8" });
    expect({ program, status, said: stdout + stderr }).toEqual({ program, status: 0, said: "" });
  }
});
