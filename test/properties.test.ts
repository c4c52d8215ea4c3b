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
          expect(content, path).not.toMatch(/\bundefined\b|(?<!\/dev\/)\bnull\b|\[object|\bNaN\b|\{\{|\}\}/);
          // A value that is missing leaves a directive without one, a list with a gap, or a space before the end.
          expect(content, path).not.toMatch(/[ \t]$|^[A-Z_]+=$|, ,|\s;$/m);
          expect(content, path).not.toMatch(/\n\n\n|^\n|\n\n$/);
          expect(content.endsWith("\n"), path).toBe(true);
          expect(content, path).toMatch(/^[\x20-\x7e\n]*$/);
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

describe("any text", () => {
  test("is rendered or has a diagnostic inside it, and never throws", () => {
    const mangled = fc
      .tuple(description, fc.array(fc.tuple(fc.nat(), fc.constantFrom("\t", "\n", ":", "- ", "{", "]", '"', "&a ", "*a", "#", "\u0000", "\u2028", "!!x ", "? ", "| ", "%", "é")), { minLength: 1, maxLength: 4 }))
      .map(([data, edits]) =>
        edits.reduce((text, [at, insertion]) => {
          const offset = at % (text.length + 1);
          return text.slice(0, offset) + insertion + text.slice(offset);
        }, stringify(data)),
      );
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string({ maxLength: 60 })), (text) => {
        const { files, diagnostics } = generate(text);
        const errors = diagnostics.filter(({ severity }) => severity === "error");
        expect(files.length === 0).toBe(errors.length > 0);
        const lines = text.split(/\r\n|\n/);
        for (const { line, column, length, source } of diagnostics) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(Array.from(source).length + 1);
          expect(length).toBeGreaterThanOrEqual(1);
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});
