/**
 * No regular expression of ours takes a time that grows with the square of its text, or worse: recheck finds out by
 * building its automaton or, where it looks ahead, by counting the steps for texts that it makes up. Those that are put
 * together when the program runs are in the shapes of test/hostile-shapes.js. Where recheck has a program for this
 * machine, that does the work, in a third of the time.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { check } from "recheck";
import { parseAst } from "rolldown/parseAst";
import { describe, expect, test } from "vitest";
import { filesBelow } from "./support.ts";

/** Steps are what counts: a time is another one on a busy machine. */
const limits = { timeout: null, seedingTimeout: null, incubationTimeout: null, attackTimeout: null };

async function verdict(source: string, flags: string): Promise<string> {
  const found = await check(source, flags, limits);
  if (found.status === "safe") return found.status;
  return `${found.status}: ${found.status === "unknown" ? found.error.kind : found.complexity.summary}`;
}

interface Expression {
  readonly source: string;
  readonly flags: string;
}

/** What is in a syntax tree or in JSON, at any depth. */
function* objectsIn(value: unknown): Generator<object> {
  if (typeof value !== "object" || value === null) return;
  yield value;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

function literals(text: string): Expression[] {
  return [...objectsIn(parseAst(text, { lang: "ts" }))].flatMap((node) => {
    const regex: unknown = "regex" in node ? node.regex : undefined;
    return typeof regex === "object" && regex !== null && "pattern" in regex && "flags" in regex ? [{ source: String(regex.pattern), flags: String(regex.flags) }] : [];
  });
}

function patterns(text: string): Expression[] {
  const schema: unknown = JSON.parse(text);
  return [...objectsIn(schema)].flatMap((node) => ("pattern" in node && typeof node.pattern === "string" ? [{ source: node.pattern, flags: "u" }] : []));
}

test.each([["(a+)+$", "exponential"], ["x*$", "2nd degree"], ["^(?!b)([A-Za-z]+-?)+@$", "exponential"]])("%s would be found", async (source, how) => {
  expect(await verdict(source, "")).toContain(how);
});

describe.each([
  ["schemas", /\.json$/, patterns],
  ["src", /^(?!generated).*\.ts$/, literals],
] as const)("%s", (folder, name, read) => {
  const found = filesBelow(folder).filter((file) => name.test(file)).flatMap((file) => read(readFileSync(join(folder, file), "utf8")).map((expression) => ({ file, ...expression })));

  test("has some", () => expect(found.length).toBeGreaterThan(10));

  test.each(found)("$file: $source", async ({ source, flags }) => expect(await verdict(source, flags)).toBe("safe"));
});
