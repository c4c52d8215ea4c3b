/** The examples of docs/configuration-management.md and the command lines of docs/commands.md do what they say. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, transcripts, workplace } from "./documented.ts";
import { filesBelow } from "./support.ts";

const description = (domain: string) => `hostname: mail.${domain}\nmail_domains: [${domain}]\n`;
const place = workplace((folder) => {
  for (const name of ["hosts", "srv/host", "srv/out", "out"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "hosts/net.yaml"), description("example.net"));
  writeFileSync(join(folder, "hosts/org.yaml"), description("example.org"));
  for (const name of ["mail.yaml", "mailcow-proxy.yaml"]) writeFileSync(join(folder, name), description("example.org"));
});

/** Runs an example with the folder's srv in place of /srv, and the host in it in place of this one. */
function bash(example: string) {
  const command = example.replaceAll("/srv/", `${place.folder}/srv/`).replace(/--installed(?! --root)/, `--installed --root ${place.folder}/srv/host`);
  const { status, out, err } = place.bash(`PATH=$PWD/node_modules/.bin:$PATH; set -o pipefail\n${command}`);
  return { status, out: out.replaceAll(`${place.folder}/srv/`, "/srv/"), err };
}

const blocks = blocksOf("docs/configuration-management.md");
const installed = "/srv/host/etc/nginx/sites-available/mailcow-mail.example.org.conf";

describe("configuration management", () => {
  test.each(blocks("sh"))("%s", (block) => {
    expect(bash(block)).toMatchObject({ status: 0, err: "" });
  });

  test("the shell has installed the file, with its mode", () => {
    const file = join(place.folder, installed);
    expect(readFileSync(file, "utf8")).toBe(bash("mailcow-proxy generate mail.yaml -t nginx").out);
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  test("the archive has become the tree", () => {
    expect(bash("mailcow-proxy generate mail.yaml -o /srv/out --check")).toMatchObject({ status: 0, out: "4 files are up to date\n" });
    expect(filesBelow(join(place.folder, "srv/out")).length).toBe(4);
    rmSync(join(place.folder, "srv/out"), { recursive: true });
  });

  test.each(transcripts(blocks("console")))("$command", ({ command, output }) => {
    expect(bash(command)).toEqual({ status: 0, out: output, err: "" });
  });

  test("the check of a host fails when a file is another", () => {
    writeFileSync(join(place.folder, installed), "server {}\n");
    const check = blocks("sh").find((block) => block.includes("--root")) ?? "";
    expect(bash(check)).toMatchObject({ status: 1, out: `not generated        ${installed}\n` });
  });
});

describe("the command lines of docs/commands.md", () => {
  const lines = blocksOf("docs/commands.md")("sh").flatMap((block) => (block.includes("generate hosts") ? block.trimEnd().split("\n") : []));

  test("there are some", () => expect(lines.length).toBeGreaterThanOrEqual(5));

  test.each(lines)("%s", (line) => {
    // The host has another file since the test above.
    expect(bash(line).status).toBe(line.includes("--installed") ? 1 : 0);
  });
});
