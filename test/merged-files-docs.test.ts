/** The examples of docs/merged-files.md do what they say. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, transcripts, workplace } from "./documented.ts";

const blocks = blocksOf("docs/merged-files.md");
const directory = "/opt/mailcow-dockerized";
const postfix = "mailcow/data/conf/postfix";

const place = workplace((folder) => {
  writeFileSync(join(folder, "mailcow-proxy.yaml"), `${blocks("yaml")[0]}mailcow: { directory: ${join(folder, "mailcow")} }\n`);
  mkdirSync(join(folder, postfix, "sql"), { recursive: true });
  writeFileSync(join(folder, postfix, "extra.cf"), "# Our own limit.\nmessage_size_limit = 209715200\n");
});

/** One after the other: what the first ones write, the others find. */
const commands = transcripts(blocks("console"));

test("there are commands to run", () => expect(commands.length).toBeGreaterThanOrEqual(5));

test.each(commands)("$command", ({ command, output }) => {
  const own = join(place.folder, "mailcow");
  expect(place.bash(`{ ${command.replaceAll(directory, own)}; } 2>&1`).out.replaceAll(own, directory)).toBe(output);
});

test("the login is replaced completely or not at all", () => {
  const login = blocks("sh").find((block) => block.includes("--secrets")) ?? "";
  const file = join(place.folder, postfix, "sql/relayhost_passwd");
  const description = join(place.folder, "mailcow-proxy.yaml");
  const write = () => place.bash(login.replace("mailcow-proxy", "npx mailcow-proxy").replaceAll(directory, join(place.folder, "mailcow"))).status;
  writeFileSync(file, "the old login\n");
  const password = join(place.folder, "password");
  writeFileSync(description, readFileSync(description, "utf8").replace(/password_file: .*/, `password_file: ${password}`));
  expect([write(), readFileSync(file, "utf8")]).toEqual([3, "the old login\n"]);
  writeFileSync(password, "hunter2\n");
  expect([write(), readFileSync(file, "utf8").endsWith("mail@example.org:hunter2\n"), statSync(file).mode & 0o777]).toEqual([0, true, 0o600]);
});
