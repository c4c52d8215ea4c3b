/** The examples of docs/merged-files.md do what they say. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, transcripts, workplace } from "./documented.ts";

const blocks = blocksOf("docs/merged-files.md");
const directory = "/opt/mailcow-dockerized";
const postfix = "mailcow/data/conf/postfix";

const place = workplace((folder) => {
  writeFileSync(join(folder, "mailcow-proxy.yaml"), `${blocks("yaml")[0]}mailcow: { directory: ${join(folder, "mailcow")} }\n`);
  mkdirSync(join(folder, postfix), { recursive: true });
  writeFileSync(join(folder, postfix, "extra.cf"), "# Our own limit.\nmessage_size_limit = 209715200\n");
});

/** One after the other: what the first ones write, the others find. */
const commands = transcripts(blocks("console"));

test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

test.each(commands)("$command", ({ command, output }) => {
  const own = join(place.folder, "mailcow");
  expect(place.bash(`{ ${command.replaceAll(directory, own)}; } 2>&1`).out.replaceAll(own, directory)).toBe(output);
});
