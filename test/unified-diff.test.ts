/** Diffs, given to the programs that apply them. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostile } from "./injection.ts";
import { type FileChange, unifiedDiff } from "../src/comparison/unified-diff.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-diff-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const programs = {
  patch: ["-p1", "--no-backup-if-mismatch", "--fuzz=0"],
  git: ["apply", "--whitespace=nowarn"],
} as const;

/** What a program makes of the file, given the diff on standard input. */
function applied(program: keyof typeof programs, change: FileChange): string {
  return appliedTo(change.before, unifiedDiff(change), program, change.path);
}

function appliedTo(before: string | undefined, diff: string, program: keyof typeof programs, path = "file"): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  if (before !== undefined) writeFileSync(file, before);
  // The folder is in no repository, even where the temporary folder is.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder), LC_ALL: "C" };
  // What git makes executable is so for whom the umask lets.
  const { status, stdout, stderr, error } = spawnSync("sh", ["-c", 'umask 022; exec "$@"', "sh", program, ...programs[program]], { cwd: folder, env, input: diff, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
  return readFileSync(file, "utf8");
}

const numbered = (count: number, word: (index: number) => string) => Array.from({ length: count }, (_, index) => `${word(index)}\n`).join("");

const changes: Record<string, Pick<FileChange, "before" | "after">> = {
  "a changed line": { before: "a\nb\nc\n", after: "a\nB\nc\n" },
  "a new file": { before: undefined, after: "a\nb\n" },
  "a new file without a last line end": { before: undefined, after: "a\nb" },
  "an empty file that gets lines": { before: "", after: "a\n" },
  "a last line end that goes": { before: "a\nb\n", after: "a\nb" },
  "a last line end that comes": { before: "a\nb", after: "a\nb\n" },
  "a last line without an end that changes": { before: "a\nb", after: "a\nc" },
  "a change before a last line without an end": { before: "a\nb\nc", after: "A\nb\nc" },
  "lines after a last line without an end": { before: "a\nb", after: "a\nb\nc\n" },
  "carriage returns": { before: "a\r\nb\r\nc\r\n", after: "a\r\nB\r\nc\r\n" },
  "carriage returns that go": { before: "a\r\nb\r\n", after: "a\nb\n" },
  "a lone carriage return and other ends of lines": { before: "a\rb\u2028c\u0085\f\nd\n", after: "a\rb\u2028c\u0085\f\nD\n" },
  "lines that look like a diff": { before: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n", after: "--- a/x\n-- b\n++ c\n\\ No newline at end of file\n" },
  "two places far apart": { before: numbered(40, String), after: numbered(40, (index) => (index % 30 === 2 ? "x" : String(index))) },
  "more changes than are looked through": { before: numbered(3000, (index) => `a${index % 9 === 0 ? "" : index}`), after: numbered(2500, (index) => `b${index % 2 === 0 ? "" : index}`) },
  "more changes than are looked through, between equal lines": {
    before: `${numbered(9, String)}${numbered(3000, (index) => `a${index}`)}${numbered(9, String)}end`,
    after: `${numbered(9, String)}${numbered(3000, (index) => `b${index}`)}${numbered(9, String)}end`,
  },
};

describe.each(["patch", "git"] as const)("%s makes the new text of the old one", (program) => {
  test.each(Object.entries(changes))("%s", (_, change) => {
    expect(applied(program, { path: "mailcow.conf", ...change })).toBe(change.after);
  });

  test.each(["nginx/site.conf", "my files/site one.conf", "Größe.conf", 'a"b.conf', "a\\b.conf", "a\tb.conf", "a b\tc.conf"])("in %j", (path) => {
    expect(applied(program, { path, before: "a\n", after: "b\n" })).toBe("b\n");
  });

  test("in files and folders of hostile names", () => {
    // What a file system takes; a name is UTF-8, which has no half of a pair.
    const names = new Set(hostile.map((text) => Buffer.from(`x${text}y`).toString()).filter((name) => !name.includes("\0") && !/\/|^.{200}/.test(name)));
    expect(names.size).toBeGreaterThan(80);
    for (const name of names) expect(applied(program, { path: `${name}/${name}.conf`, before: "a\n", after: "b\n" }), name).toBe("b\n");
  });

  test("for any two texts", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "", "-", "+ x", " ", "\\", "@@", "ü", "\r"), { maxLength: 30 }).chain((lines) => fc.constantFrom("\n", "").map((end) => lines.join("\n") + end));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        expect(applied(program, { path: "file", before, after })).toBe(after);
      }),
      { seed: 20_260_401, numRuns: 100 },
    );
  });
});

describe.each(["patch", "git"] as const)("%s makes a file executable", (program) => {
  const modes = { before: false, after: true };
  const mode = (path: string) => statSync(join(folder, path)).mode & 0o777;

  test.each(["run.sh", "my scripts/run it.sh"])("a new one, %s", (path) => {
    expect(applied(program, { path, before: undefined, after: "#!/bin/sh\n", executable: modes })).toBe("#!/bin/sh\n");
    expect(mode(path)).toBe(0o755);
  });

  test.each([
    ["with a change of its lines", "a\n", "b\n"],
    ["alone", "a\n", "a\n"],
  ])("one that is there, %s", (_, before, after) => {
    expect(applied(program, { path: "run.sh", before, after, executable: modes })).toBe(after);
    expect(mode("run.sh")).toBe(0o755);
  });
});

test("a diff is written as administrators know it", () => {
  const before = "# web\nHTTP_PORT=80\nHTTP_BIND=\n\n# mail\nSMTP_PORT=25\n";
  expect(unifiedDiff({ path: "/opt/mailcow-dockerized/mailcow.conf", before, after: before.replace("=80", "=8080") })).toBe(`\
--- a/opt/mailcow-dockerized/mailcow.conf
+++ b/opt/mailcow-dockerized/mailcow.conf
@@ -1,5 +1,5 @@
 # web
-HTTP_PORT=80
+HTTP_PORT=8080
 HTTP_BIND=
 
 # mail
`);
  expect(unifiedDiff({ path: "./out/site.conf", before: undefined, after: "a\n" })).toBe("--- /dev/null\n+++ b/out/site.conf\n@@ -0,0 +1,1 @@\n+a\n");
});

test("nothing changed is no diff", () => {
  expect(unifiedDiff({ path: "a", before: "a", after: "a" })).toBe("");
});

test("a diff of very different texts ends soon and starts where they part", () => {
  const [before, after] = ["a", "b"].map((word) => `head\n${numbered(20_000, (index) => `${word}${index}`)}`);
  expect(unifiedDiff({ path: "a", before, after: after ?? "" })).toMatch(/^--- a\/a\n\+\+\+ b\/a\n@@ -1,20001 \+1,20001 @@\n head\n-a0\n/);
});

describe("lines that stand for others", () => {
  const placeholder = "(hidden)";
  const text = (lines: readonly string[], secret: string) => lines.map((line) => `${line.replace("SECRET", secret)}\n`).join("");

  test.each<[string, string[], Record<number, string>]>([
    ["before the change", ["a", "b", "SECRET", "c", "d", "e", "f", "g"], { 4: "D" }],
    ["behind the change", ["a", "b", "c", "d", "e", "SECRET", "f", "g"], { 3: "D" }],
    ["on both sides", ["a", "b", "SECRET", "c", "d", "e", "SECRET", "f"], { 4: "D" }],
    ["between two changes", ["a", "b", "c", "SECRET", "d", "e", "f", "g"], { 1: "B", 5: "E" }],
    ["near the beginning", ["a", "b", "c", "SECRET", "d", "e"], { 0: "A\nA2" }],
    ["near the end", ["a", "b", "SECRET", "c", "d", "e"], { 5: "E\nE2" }],
    ["directly above lines at the end", ["a", "b", "c", "d", "e", "SECRET"], { 2: "C", 5: "SECRET\nf\ng" }],
    ["far from the change", ["SECRET", "a", "b", "c", "d", "e", "f", "g", "SECRET"], { 4: "D" }],
  ])("%s do not keep it from being applied", (_, lines, changed) => {
    const after = lines.map((line, index) => changed[index] ?? line);
    const diff = unifiedDiff({ path: "file", before: text(lines, placeholder), after: text(after, placeholder), placeholder });
    expect(diff).not.toContain(placeholder);
    for (const program of ["patch", "git"] as const) expect(appliedTo(text(lines, "hunter2"), diff, program)).toBe(text(after, "hunter2"));
  });

  test.each<[string, string[], Record<number, string>]>([
    ["above", ["a", "b", "SECRET", "c", "d", "e"], { 3: "C" }],
    ["below", ["a", "b", "c", "SECRET", "d", "e"], { 2: "C" }],
  ])("directly %s a change are shown as what they are, and nothing is applied", (_, lines, changed) => {
    const after = lines.map((line, index) => changed[index] ?? line);
    const diff = unifiedDiff({ path: "file", before: text(lines, placeholder), after: text(after, placeholder), placeholder });
    expect(diff).toContain(` ${placeholder}\n`);
    for (const program of ["patch", "git"] as const) expect(() => appliedTo(text(lines, "hunter2"), diff, program)).toThrow(/FAILED|does not apply/);
  });

  test("wherever they are, what can be applied is applied rightly", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d", "SECRET"), { minLength: 1, maxLength: 20 });
    let withoutAny = 0;
    fc.assert(
      fc.property(lines, fc.uniqueArray(fc.nat(19), { minLength: 1, maxLength: 3 }), (before, places) => {
        const numberedLines = before.map((line, index) => (line === "SECRET" ? line : `${line}${index}`));
        const after = numberedLines.map((line, index) => (places.includes(index) && line !== "SECRET" ? `${line} changed` : line));
        fc.pre(after.join() !== numberedLines.join());
        const diff = unifiedDiff({ path: "file", before: text(numberedLines, placeholder), after: text(after, placeholder), placeholder });
        if (diff.includes(placeholder)) {
          for (const program of ["patch", "git"] as const) expect(() => appliedTo(text(numberedLines, "hunter2"), diff, program)).toThrow(/FAILED|does not apply/);
        } else {
          withoutAny++;
          for (const program of ["patch", "git"] as const) expect(appliedTo(text(numberedLines, "hunter2"), diff, program)).toBe(text(after, "hunter2"));
        }
      }),
      { seed: 20_260_401, numRuns: 100 },
    );
    expect(withoutAny).toBeGreaterThan(20);
  });
});
