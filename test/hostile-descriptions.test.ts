/** Hostile descriptions get an answer from the program as it is built; `npm run bench:hostile` says what each costs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { installedRunner, patience } from "./hostile-runner.ts";
import { shapes } from "./hostile-shapes.js";

const { home, runner } = installedRunner();

describe("a description", () => {
  test.each(shapes)("of $name", async ({ description, code }) => {
    const text = description();
    writeFileSync(join(home, "a.yaml"), text);
    const { status, signal, stdout, stderr } = await runner.run(["generate", "a.yaml"]);
    expect({ status, signal }).toEqual({ status: code === undefined ? 0 : 1, signal: null });
    if (code === undefined) {
      expect(stdout).toMatch(/^# ==> nginx\/.*^# ==> mailcow-conf\//ms);
      return;
    }
    expect(stdout).toBe("");
    const [, line = "", column = "", severity, found] = /^a\.yaml:(\d+):(\d+): (\w+): .*\[([a-z0-9-]+)\]$/m.exec(stderr) ?? [];
    expect({ severity, found }).toEqual({ severity: "error", found: code });
    const lines = Buffer.from(text).toString().split("\n");
    expect(Number(line)).toBeLessThanOrEqual(lines.length);
    expect(Number(column)).toBeLessThanOrEqual((lines[Number(line) - 1] ?? "").length + 1);
    expect(stderr.match(/^a\.yaml:/gm)?.length).toBeLessThanOrEqual(101);
    expect(stderr.length).toBeLessThan(101 * 1000);
  }, 2 * patience);
});
