/** The steps of docs/certificates.md are with the files that its descriptions give, in their places. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OutputFile } from "../src/core/output/output-file.ts";
import { generate } from "../src/index.ts";
import { root } from "./support.ts";

const text = readFileSync(join(root, "docs/certificates.md"), "utf8");
const indented = (block: string) => block.replaceAll(/^ {3}/gm, "");
const blocks = (section: string, language: string) => [...section.matchAll(new RegExp(`^ *\`\`\`${language}\\n(.*?)^ *\`\`\`$`, "gms"))].map(([, block = ""]) => indented(block));
const ways = text.split(/^## /m).filter((section) => /^(mailcow's own|certbot|files)\n/.test(section));

test("there is a way for each issuer", () => expect(ways).toHaveLength(3));

describe.each(ways.map((section) => [section.split("\n")[0] ?? "", section]))("%s", (_, section) => {
  const [description = ""] = blocks(section, "yaml");
  const { files, diagnostics } = generate(description);
  const commands = blocks(section, "sh").flatMap((block) => block.trim().split("\n"));

  test("has a description without a warning", () => {
    expect(diagnostics).toEqual([]);
    expect(files.length).toBeGreaterThan(1);
  });

  test("installs each script and unit where it belongs, with its mode", () => {
    const installed = commands.flatMap((command) => {
      const [, mode = "", words = ""] = /^install (?:-D )?-m (\d+) (out\/.*)$/.exec(command) ?? [];
      const [target = "", ...sources] = words.split(" ").toReversed();
      return sources.map((source) => ({ path: source.replace(/^out\//, ""), mode, installPath: target.endsWith("/") ? `${target}${basename(source)}` : target }));
    });
    const expected = files.filter(({ target }) => target === "systemd" || target === "certbot").map(({ path, mode, installPath }) => ({ path, mode, installPath }));
    expect(installed.toSorted(byPath)).toEqual(expected.toSorted(byPath));
  });

  test("checks and reloads as the output does", () => {
    const known = files.flatMap(commandsOf).map(started);
    for (const command of commands.filter((one) => /systemctl/.test(one))) expect(known).toContain(command.replace(/systemctl enable \w+ && /, ""));
  });
});

describe("the proxy on another host", () => {
  const [, elsewhere = ""] = /^## The proxy on another host\n(.*?)^## /ms.exec(text) ?? [];
  const recipes = elsewhere.split(/^### /m).flatMap((section) => blocks(section, "yaml").map((description) => [section.split("\n")[0] ?? "", description, section] as const));

  test("has five ways", () => expect(recipes).toHaveLength(5));

  // test/scripts/other-host.script.ts follows the steps.
  test.each(recipes)("%s: the description has no note, and the steps name only what it gives", (_, description, section) => {
    const { files, diagnostics } = generate(description);
    expect(diagnostics).toEqual([]);
    const given = new Set(files.map(({ path }) => `out/${path}`));
    const named = blocks(section, "sh").flatMap((block) => block.match(/out\/\S+/g) ?? []);
    expect(named.filter((path) => !given.has(path))).toEqual([]);
    expect(named.length).toBeGreaterThan(1);
  });
});

function commandsOf({ validate, reload }: OutputFile): string[] {
  return [reload, ...(validate === undefined ? [] : [`${validate} && ${reload}`])];
}

/** reload alone fails with a server that could not start while mailcow had its ports. */
function started(command: string): string {
  return command.replace("systemctl reload ", "systemctl reload-or-restart ");
}

function byPath(left: { path: string }, right: { path: string }): number {
  return left.path < right.path ? -1 : 1;
}
