/** The README and docs/commands.md show what the program says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Io } from "../src/cli/io.ts";
import { run } from "../src/cli/main.ts";
import { blocksOf, transcripts } from "./documented.ts";
import { root } from "./support.ts";
import { treeInMemory } from "./stand-in.ts";
import { noSurroundings, silent } from "./surroundings.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

async function say(args: string[], description: string): Promise<string> {
  let said = "";
  const output = { ...silent, write: (text: string | Uint8Array) => void (said += String(text)) };
  const io: Io = {
    ...noSurroundings,
    stdout: output,
    stderr: output,
    read: async () => new TextEncoder().encode(description),
    writeTree: (folder) => treeInMemory(folder, new Map()),
  };
  await run(args, io);
  return said;
}

describe.each([
  { page: "README.md", shown: 2 },
  { page: "docs/commands.md", shown: 2 },
])("$page", ({ page, shown }) => {
  const [description = ""] = blocksOf(page)("yaml");
  const commands = transcripts(blocksOf(page)("console"));

  test("shows commands with what they print", () => expect(commands).toHaveLength(shown));

  test.each(commands)("$command", async ({ command, output }) => {
    const [program, ...args] = command.split(" ");
    expect(program).toBe("mailcow-proxy");
    expect(await say(args, description)).toBe(output);
  });
});

test("the README installs each file that its description gives, and nothing else", () => {
  const [, generated] = transcripts(blocksOf("README.md")("console"));
  const files = [...(generated?.output ?? "").matchAll(/^written +(\S+)$/gm)].map(([, path = ""]) => path);
  const installed = blocksOf("README.md")("sh").join("").matchAll(/\bout\/\S+/g);
  // merge sets the values of this one.
  const merged = files.filter((path) => path.includes("/mailcow-conf/"));
  expect([...[...installed].map(([path]) => path), ...merged].toSorted()).toEqual(files.toSorted());
});

test("the commands of the README and of docs/commands.md are those there are", async () => {
  const [help = ""] = (await say(["--help"], "")).split("\nOptions:");
  const described = [...help.matchAll(/^ {2}mailcow-proxy (\w+)/gm)].map(([, command = ""]) => command);
  expect(described.length).toBeGreaterThan(5);
  const documented = [...read("README.md").matchAll(/^\| `([a-z]+)(?: \[descriptions?(?:\.\.)?\])?` \|/gm)].map(([, command = ""]) => command);
  expect(documented.toSorted()).toEqual(described.toSorted());
  const sections = [...read("docs/commands.md").matchAll(/^## ([a-z, ]+)$/gm)].flatMap(([, title = ""]) => title.split(", "));
  expect(sections.toSorted()).toEqual(described.toSorted());
});

test.each(["generate", "validate", "init", "merge", "templates"])("docs/commands.md has the options of %s", async (command) => {
  const help = await say([command, "--help"], "");
  const options = [...help.matchAll(/^ +(?:-\w, +)?(--[a-z-]+) /gm)].map(([, option]) => option).filter((option) => option !== "--version" && option !== "--help");
  const section = read("docs/commands.md").split(/^## /m).find((text) => text.startsWith(`${command}\n`)) ?? "";
  const documented = new Set(section.match(/--[a-z-]+/g));
  expect(options.length).toBeGreaterThan(1);
  expect(options.filter((option) => !documented.has(option ?? ""))).toEqual([]);
});

test("the README is short, and has the two commands to begin with", () => {
  const readme = read("README.md");
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1500);
  expect(blocksOf("README.md")("sh")).toEqual(expect.arrayContaining(["npm ci && npx mailcow-proxy generate examples/minimal.yaml\n", "npm ci && npm test\n"]));
});
