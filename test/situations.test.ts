/** Each situation has a short page, which the list names, and its descriptions are valid. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { validate } from "../src/index.ts";
import { blocksOf } from "./documented.ts";
import { filesBelow, root } from "./support.ts";

const folder = "docs/situations";
const list = "README.md";
const pages = filesBelow(join(root, folder)).filter((name) => name !== list);
const read = (name: string) => readFileSync(join(root, folder, name), "utf8");

test("the list names every page once, with its title", () => {
  const listed = [...read(list).matchAll(/^- \[(.*)\]\((.*)\)$/gm)].map(([, title, page]) => `${page}: ${title}`);
  expect(listed.toSorted()).toEqual(pages.map((page) => `${page}: ${/^# (.*)/.exec(read(page))?.[1]}`).toSorted());
});

describe.each(pages)("%s", (page) => {
  test("has at most 40 lines", () => expect(read(page).trimEnd().split("\n").length).toBeLessThanOrEqual(40));

  test("has descriptions without an error", () => {
    const descriptions = blocksOf(join(folder, page))("yaml").filter((text) => text.startsWith("hostname:"));
    expect(descriptions.length).toBeGreaterThan(0);
    expect(descriptions.flatMap((text) => validate(text)).filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
