/** The README's tour shows what the program says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Io } from "../src/cli/io.ts";
import { run } from "../src/cli/main.ts";
import { blocksOf } from "./documented.ts";
import { root } from "./support.ts";
import { treeInMemory } from "./stand-in.ts";
import { noSurroundings, silent } from "./surroundings.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = blocksOf("README.md");

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

test("the tour's output is the program's", async () => {
  const [mistaken = ""] = blocks("yaml");
  const [validate = "", generate = "", values = ""] = blocks("console");
  const mended = mistaken.replace(/^mailcow:[^]*/m, "");

  expect(validate).toBe(`$ npx mailcow-proxy validate\n${await say(["validate"], mistaken)}`);
  expect(generate).toBe(`$ npx mailcow-proxy generate -o out\n${await say(["generate", "-o", "out"], mended)}`);
  const assignments = (await say(["generate", "-t", "mailcow-conf"], mended)).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(values).toBe(`$ npx mailcow-proxy generate -t mailcow-conf | grep -v '^#' | grep .\n${assignments.join("\n")}\n`);
});

test("the commands of the README are those there are", async () => {
  const help = await say(["--help"], "");
  const described = [...help.matchAll(/^ {2}mailcow-proxy (\w+)/gm)].map(([, command]) => command);
  const documented = [...readme.matchAll(/^\| `([a-z]+)(?: \[descriptions?(?:\.\.)?\])?` \|/gm)].map(([, command]) => command);
  expect(documented).toEqual(expect.arrayContaining(described));
});
