/** The examples of docs/templates.md do what they say, one after the other. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { transcripts, workplace } from "./documented.ts";
import { root } from "./support.ts";

const page = readFileSync(join(root, "docs/templates.md"), "utf8");

const { bash } = workplace((folder) => writeFileSync(join(folder, "mail.yaml"), "hostname: mail.example.org\n"));

const commands = [...page.matchAll(/^```(sh|console)\n(.*?)^```$/gms)].flatMap(([, language, block = ""]): { readonly command: string; readonly output: string | undefined }[] =>
  language === "console" ? [...transcripts([block])] : block.trimEnd().split("\n").map((command) => ({ command, output: undefined })),
);

test("there are commands to run", () => expect(commands.length).toBe(9));

test.each(commands)("$command", ({ command, output }) => {
  const { status, out, err } = bash(command);
  expect(err).toBe("");
  if (output === undefined) expect(status).toBe(command.startsWith("diff ") ? 1 : 0);
  else expect(out).toBe(output);
});
