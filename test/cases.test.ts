/** Every case against what was reviewed: output files as they are, reports as they are read. */
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checker } from "../src/pipeline/check.ts";
import { renderAll } from "../src/pipeline/render.ts";
import { sha256 } from "../src/core/output/sha256.ts";
import { generate } from "../src/index.ts";
import { summary, textReport } from "../src/reports/text.ts";
import { cases, filesBelow, sharedCases, snapshots } from "./support.ts";

const expected = new Set<string>();

async function matches(text: string, path: string): Promise<void> {
  expected.add(path);
  await expect(text).toMatchFileSnapshot(join(snapshots, path));
}

/** Comments that are wider than a screen. A path or a host name can be longer than that, and counts as a word that is not. */
function tooWide(content: string): string[] {
  const comments = content.split("\n").filter((line) => /^\s*#/.test(line));
  return comments.filter((line) => line.replaceAll(/\S{25,}/g, (word) => word.slice(0, 24)).length > 120);
}

describe("good descriptions", () => {
  test("there are at least twenty", () => expect(cases("ok").length).toBeGreaterThanOrEqual(20));

  test.each(cases("ok"))("$name", async ({ name, file, bytes }) => {
    const { files, diagnostics } = generate(bytes, { file });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    for (const { path, content } of files) await matches(content, join("ok", name, path));
    expect(files.flatMap(({ content }) => tooWide(content))).toEqual([]);
    if (diagnostics.length > 0) await matches(textReport(diagnostics, { color: false }), join("ok", name, "report.txt"));
  });
});

describe("bad descriptions", () => {
  test("there are at least forty", () => expect(cases("err").length).toBeGreaterThanOrEqual(40));

  test.each(cases("err"))("$name", async ({ name, file, bytes }) => {
    const { files, diagnostics } = generate(bytes, { file });
    expect(files).toEqual([]);
    expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
    await matches(`${textReport(diagnostics, { color: false })}${summary(diagnostics)}\n`, join("err", `${name}.txt`));
  });
});

describe("descriptions for one server", () => {
  test("there are some", () => expect(sharedCases().length).toBeGreaterThan(5));

  test.each(sharedCases())("$name", async ({ name, descriptions }) => {
    const checked = descriptions.map(({ file, bytes }) => ({ file, source: bytes })).map(checker({ shared: true }));
    const diagnostics = checked.flatMap((one) => one.diagnostics);
    const sites = checked.flatMap(({ site, targets }) => (site === undefined ? [] : [{ site, targets }]));
    const files = sites.length < checked.length ? [] : renderAll(sites, { sha256 });
    expect(files.length === 0).toBe(diagnostics.some(({ severity }) => severity === "error"));
    for (const { path, content } of files) await matches(content, join("shared", name, path));
    expect(files.flatMap(({ content }) => tooWide(content))).toEqual([]);
    if (diagnostics.length > 0) await matches(textReport(diagnostics, { color: false }), join("shared", name, "report.txt"));
  });
});

afterAll(() => {
  // A snapshot whose case is gone is not compared with anything, so the lists are.
  const own = filesBelow(snapshots).filter((path) => !/^(?:merge|merged|init)\//.test(path));
  expect(own).toEqual([...expected].toSorted());
});
