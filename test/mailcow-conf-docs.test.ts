/** The examples of docs/mailcow-conf.md do what they say. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, transcripts, workplace } from "./documented.ts";

const blocks = blocksOf("docs/mailcow-conf.md");

const { bash } = workplace((folder) => {
  writeFileSync(join(folder, "mailcow-proxy.yaml"), "hostname: mail.example.org\n");
  writeFileSync(join(folder, "mailcow.conf"), blocks("ini")[0] ?? "");
  writeFileSync(join(folder, "lost.conf"), blocks("dotenv")[0] ?? "");
  mkdirSync(join(folder, "new"));
  writeFileSync(join(folder, "new/mailcow.conf"), blocks("conf")[0] ?? "");
});

/** One after the other: what the first ones write, the others find. */
const commands = transcripts(blocks("console"));

test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

test.each(commands)("$command", ({ command, output }) => {
  expect(bash(command)).toMatchObject({ out: output, err: "" });
});
