/** Whatever is made of a valid description: it is rendered or refused, at a place in it, and never brings the program down. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hidden } from "../src/core/secrets/mark.ts";
import { generate } from "../src/index.ts";
import { byteByByte, nodeByNode } from "./mutations.ts";

/** The same each time; `npm run fuzz` makes more, and others each time. */
const runs = Number(process.env["FUZZ"] ?? 500);
const seed = Number(process.env["FUZZ_SEED"] ?? 20_260_401);

describe.each([
  { name: "a description changed byte by byte", arbitrary: byteByByte },
  { name: "a description changed node by node", arbitrary: nodeByNode },
  { name: "any text", arbitrary: fc.string({ maxLength: 60, unit: "binary" }) },
])("$name", ({ name, arbitrary }) => {
  test("is rendered, or refused at a place in it", () => {
    const verdicts = { rendered: 0, refused: 0 };
    fc.assert(fc.property(arbitrary, (source: string | Uint8Array) => void verdicts[verdictOn(source)]++), { seed, numRuns: runs });
    // Both happen, or there is nothing to see here.
    expect(verdicts.refused).toBeGreaterThan(runs / 4);
    if (name !== "any text") expect(verdicts.rendered).toBeGreaterThan(runs / 50);
  }, 30_000 + 20 * runs);
});

/** The line that is shown so: text and names of keys can look like a secret, and then a mark stands for a part of it. */
function withSecrets(shown: string): RegExp {
  const parts = shown.split(hidden).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

function verdictOn(source: string | Uint8Array): "rendered" | "refused" {
  const { files, diagnostics } = generate(source);
  // A byte order mark is no part of the first line.
  const text = typeof source === "string" ? source.replace(/^\ufeff/, "") : new TextDecoder().decode(source);
  const lines = text.split(/\r?\n/);
  for (const diagnostic of diagnostics) {
    // Without a key of a description, it may be any file. In text with zeros, names of secrets are hard to find.
    const foreign = diagnostic.source === undefined && !text.includes("\0");
    expect(foreign && /^hostname:/m.test(text)).toBe(false);
    if (foreign) expect(["not-a-description", "not-utf-8", "empty"]).toContain(diagnostic.code);
    else expect(lines[diagnostic.line - 1]).toMatch(withSecrets(diagnostic.source ?? hidden));
    const columns = Array.from(diagnostic.source ?? lines[diagnostic.line - 1] ?? "").length;
    expect(diagnostic.column).toBeGreaterThanOrEqual(1);
    expect(diagnostic.length).toBeGreaterThanOrEqual(1);
    // At the end of a line the caret stands behind it.
    expect(diagnostic.column + diagnostic.length - 1).toBeLessThanOrEqual(diagnostic.column > columns ? columns + 1 : columns);
    expect(diagnostic.message).not.toMatch(/\bundefined\b|\[object/);
  }
  const refused = diagnostics.some(({ severity }) => severity === "error");
  expect(files.length === 0).toBe(refused);
  return refused ? "refused" : "rendered";
}
