/** TAB in the shells: each runs on a terminal, with the script that the program prints for it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { targetIds } from "../../src/targets/index.ts";
import { install } from "../installed.ts";

let scratch = "";
let env: Record<string, string | undefined> = {};

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "mailcow-proxy-completion-"));
  install(scratch);
  const home = join(scratch, "home");
  mkdirSync(join(home, "out/deep"), { recursive: true });
  for (const name of ["my host.yaml", "outline.conf", "mailcow.conf"]) writeFileSync(join(home, name), "");
  env = { PATH: `${join(scratch, "node_modules/.bin")}:${process.env["PATH"]}`, HOME: home, TERM: "xterm", LANG: "C.UTF-8", XDG_CONFIG_HOME: join(home, ".config") };
  for (const shell of ["bash", "zsh", "fish"]) writeFileSync(join(home, `.completion.${shell}`), execFileSync("mailcow-proxy", ["completion", shell], { env, encoding: "utf8" }));
});
afterAll(() => rmSync(scratch, { recursive: true }));

/** Types a line and TAB into an interactive shell. Gives the words that the line has then. */
function typed(shell: "bash" | "zsh", line: string): string[] {
  const start = shell === "bash" ? "bash --norc --noprofile -i" : "zsh -f -i";
  // At the line's beginning, a command is put that prints the words.
  const input = `source ~/.completion.${shell}\n${line}\t\u0001printf 'WORD:%s\\n' \nexit\n`;
  const { status, stdout, error } = spawnSync("script", ["-qec", start, "/dev/null"], { cwd: env["HOME"], env, input, encoding: "utf8", timeout: 120_000 });
  if (error !== undefined) throw error;
  expect(status).toBe(0);
  expect(stdout).not.toContain("mailcow-proxy: ");
  return [...stdout.matchAll(/^WORD:(.*?)\r?$/gm)].map(([, word = ""]) => word);
}

/** What fish offers for a line: whole words. */
function offeredByFish(line: string): string[] {
  const { status, stdout, stderr } = spawnSync("fish", ["-c", "source ~/.completion.fish; complete -C $argv[1]", line], { cwd: env["HOME"], env, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").slice(0, -1).map((word) => word.replace(/\t.*$/, ""));
}

const cases: [string, string][] = [
  ["mailcow-proxy gen", "generate"],
  ["mailcow-proxy generate --outp", "--output"],
  ["mailcow-proxy generate -t ap", "apache"],
  ["mailcow-proxy generate -t nginx,ap", "nginx,apache"],
  ["mailcow-proxy generate --format j", "json"],
  ["mailcow-proxy generate --format=j", "--format=json"],
  ["mailcow-proxy merge --into mail", "mailcow.conf"],
  ["mailcow-proxy merge --into=mail", "--into=mailcow.conf"],
  ["mailcow-proxy generate -o ou", "out/"],
  ["mailcow-proxy generate -o out/", "out/deep/"],
  ["mailcow-proxy generate --format nothing --che", "--check"],
  ["mailcow-proxy completion f", "fish"],
  ["mailcow-proxy validate my", "my host.yaml"],
];

describe.each(["bash", "zsh"] as const)("%s", (shell) => {
  test.each(cases)("%s", (line, word) => {
    // zsh takes a folder's slash away again when something else than a name follows.
    expect(typed(shell, line).at(-1)).toBe(shell === "zsh" ? word.replace(/\/$/, "") : word);
  });
});

describe("fish", () => {
  test.each(cases)("%s", (line, word) => {
    expect(offeredByFish(line)).toEqual([word]);
  });

  test("offers all targets", () => {
    expect(offeredByFish("mailcow-proxy generate -t ")).toContain("certbot");
    expect(offeredByFish("mailcow-proxy generate -t ").length).toBe(targetIds.length);
  });
});
