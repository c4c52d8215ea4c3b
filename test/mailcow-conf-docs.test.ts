/** The examples of docs/mailcow-conf.md do what they say. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install } from "./installed.ts";
import { root } from "./support.ts";

const text = readFileSync(join(root, "docs/mailcow-conf.md"), "utf8");
const blocks = (language: string) => [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

let folder = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-docs-"));
  await install(folder);
  chmodSync(join(folder, "node_modules/mailcow-proxy/dist/bin.js"), 0o755);
  writeFileSync(join(folder, "mailcow-proxy.yaml"), "hostname: mail.example.org\n");
  writeFileSync(join(folder, "mailcow.conf"), blocks("ini")[0] ?? "");
  mkdirSync(join(folder, "new"));
  writeFileSync(join(folder, "new/mailcow.conf"), blocks("conf")[0] ?? "");
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** One after the other: what the first ones write, the others find. */
const commands = blocks("console").flatMap((block) => [...block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = "", output = ""]) => ({ command, output })));

test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

test.each(commands)("$command", ({ command, output }) => {
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd: folder, encoding: "utf8" });
  expect({ out: stdout, err: stderr }).toEqual({ out: output, err: "" });
});
