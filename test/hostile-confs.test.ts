/** Hostile files in the place of a mailcow.conf get an answer from the program as it is built; `npm run bench:hostile` says what each costs. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installedRunner, patience } from "./hostile-runner.ts";
import { confs, tooLargeConfs } from "./hostile-shapes.js";
import { mailcowProxy } from "./memory-io.ts";

const { home, runner } = installedRunner();

describe("a mailcow.conf", () => {
  const description = "hostname: mail.example.org\nmail_domains: [example.org]\n";

  test.each(confs)("of $name", async ({ conf }) => {
    const text = Buffer.from(conf()).toString("latin1");
    writeFileSync(join(home, "small.yaml"), description);
    writeFileSync(join(home, "mailcow.conf"), text, "latin1");
    const { status, signal, stdout, stderr } = await runner.run(["init", "--from", "mailcow.conf", "-o", "-"]);
    const error = /^mailcow\.conf:\d+:\d+: error: /m.test(stderr);
    expect({ status, signal, silent: stdout === "" }).toEqual({ status: error ? 1 : 0, signal: null, silent: error });
    expect(stderr.length).toBeLessThan(300 * 1000);
    if (!error) expect((await mailcowProxy(["validate", "a.yaml"], { "a.yaml": Buffer.from(stdout).toString("latin1") })).status).toBe(0);

    const merged = await mailcowProxy(["merge", "small.yaml", "--into", "mailcow.conf", "--write"], { "small.yaml": description, "mailcow.conf": text });
    const refused = /^mailcow\.conf:\d+:\d+: error: /m.test(merged.err);
    expect(merged.status).toBe(refused ? 1 : 0);
    if (refused) expect(merged.files.get("mailcow.conf")).toBe(text);
    else expect(merged.files.get("mailcow.conf")).toMatch(/MAILCOW_HOSTNAME="?mail\.example\.org"?\s/);
  }, 2 * patience);

  test.each(tooLargeConfs)("of $name is too large", async ({ conf }) => {
    writeFileSync(join(home, "small.yaml"), description);
    writeFileSync(join(home, "mailcow.conf"), conf());
    const before = readdirSync(home);
    for (const args of [["init", "--from", "mailcow.conf", "-o", "-"], ["merge", "small.yaml", "--into", "mailcow.conf"], ["merge", "small.yaml", "--into", "mailcow.conf", "--write"]]) {
      const { status, stdout, stderr } = await runner.run(args);
      expect({ status, stdout, stderr }).toEqual({ status: 3, stdout: "", stderr: "mailcow-proxy: cannot read mailcow.conf: it is larger than 524288 bytes, the limit for a mailcow.conf\n" });
    }
    expect(readdirSync(home)).toEqual(before);
    expect(readFileSync(join(home, "mailcow.conf")).equals(Buffer.from(conf()))).toBe(true);
  }, 2 * patience);
});
