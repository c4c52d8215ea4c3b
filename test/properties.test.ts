/** What holds for every description that is accepted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { generate } from "../src/index.ts";
import { description } from "./descriptions.ts";

const seed = 20_260_401;

describe("any accepted description", () => {
  test("renders on every target, without an undefined or empty value", () => {
    fc.assert(
      fc.property(description, (data) => {
        const { files, diagnostics } = generate(stringify(data));
        expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(new Set(files.map(({ target }) => target))).toEqual(new Set(data.targets ?? ["nginx", "apache", "haproxy", "mailcow-conf"]));
        for (const { content, path } of files) {
          // Docker replaces this one.
          expect(content.replaceAll('"{{.Name}}"', ""), path).not.toMatch(/\bundefined\b|(?<!\/dev\/)\bnull\b|\[object|\bNaN\b|\{\{|\}\}/);
          // A value that is missing leaves a directive without one, a list with a gap, or a space before the end.
          expect(content, path).not.toMatch(/[ \t]$|^(?!HTTPS?_BIND=)[A-Z_]+=$|, ,|\s;$/m);
          // Docker's every address is written as nothing.
          const empty = [["HTTP_BIND=", data.mailcow?.http?.bind], ["HTTPS_BIND=", data.mailcow?.https?.bind]].filter(([, bind]) => bind === "").map(([key]) => key);
          if (path.startsWith("mailcow-conf/")) expect(content.split("\n").filter((line) => /^[A-Z_]+=$/.test(line))).toEqual(empty);
          expect(content, path).not.toMatch(/\n\n\n|^\n|\n\n$/);
          expect(content.endsWith("\n"), path).toBe(true);
          expect(content, path).toMatch(/^[\t\x20-\x7e\n]*$/);
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  test("gives the same bytes each time, and however it is written", () => {
    fc.assert(
      fc.property(description, (data) => {
        const once = generate(stringify(data)).files;
        expect(generate(stringify(data)).files).toEqual(once);
        expect(generate(JSON.stringify(data)).files).toEqual(once);
        expect(generate(stringify(data).replaceAll("\n", "\r\n")).files).toEqual(once);
      }),
      { seed, numRuns: 50 },
    );
  });
});
