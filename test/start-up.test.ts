/** What a run loads: the files of the bundle that it needs, and no other ones. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install } from "./installed.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-start-up-"));
  install(folder);
  writeFileSync(join(folder, "mailcow-proxy.yaml"), "hostname: mail.example.org\n");
  mkdirSync(join(folder, "templates"));
  // Says which files of the bundle are loaded.
  writeFileSync(join(folder, "hook.cjs"), 'const Module = require("node:module");\nconst { _load: load } = Module;\nModule._load = (...args) => {\n  if (args[0].endsWith(".cjs")) process.stderr.write(`loads ${args[0]}\\n`);\n  return load(...args);\n};\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

function loaded(...args: string[]): string[] {
  const { status, stderr } = spawnSync(process.execPath, ["--require", join(folder, "hook.cjs"), join(folder, "node_modules/.bin/mailcow-proxy"), ...args], { cwd: folder, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return [...stderr.matchAll(/^loads .*?([a-z_-]+)\.cjs$/gm)].map(([, name = ""]) => name);
}

/** The first one, which loads the program, and what the program has in common with the parts that are loaded later. */
const always = ["bin", "io", "nearest", "visible"];

test.each([[["generate", "-t", "nginx"]], [["validate"]], [["generate", "-o", "out"]], [["targets"]], [["schema"]], [["templates"]], [["explain"]]])("%j loads no more than the program", (args) => {
  expect(new Set([...always, ...loaded(...args)])).toEqual(new Set(always));
});

test.each([
  [["explain", "port-reserved"], "diagnostics"],
  [["templates", "--export", "own"], "templates_sources"],
  [["generate", "-t", "nginx", "--templates", "templates"], "compiler"],
  [["completion"], "completion"],
  [["--help"], "any-line"],
])("%j loads what it needs", (args, name) => {
  expect(loaded(...args)).toContain(name);
});
