/** `generate --output` and the files that somebody has edited. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mailcowProxyIn } from "./real-io.ts";
import { filesBelow } from "./support.ts";
import { mailcowProxy } from "./stand-in.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-"));
  put("a.yaml", "hostname: a.example.org\nmail_domains: []\n");
  put("b.yaml", "hostname: b.example.org\nmail_domains: []\nmailcow: { directory: /srv/b, http: { port: 18080 }, https: { port: 18443 } }\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

const run = (...args: string[]) => mailcowProxyIn(folder, ["generate", ...args]);

/** All files of the output by their paths. */
const tree = () => Object.fromEntries(filesBelow(join(folder, "out")).map((path) => [path, readFileSync(join(folder, "out", path), "utf8")]));

/** The ways to generate, each with a file that it writes. */
const ways: [string, string[], string][] = [
  ["one description", ["a.yaml", "-t", "nginx,haproxy"], "nginx/mailcow-a.example.org.conf"],
  ["several descriptions", ["a.yaml", "b.yaml", "-t", "nginx,haproxy"], "b.example.org/nginx/mailcow-b.example.org.conf"],
  ["several on one server, with a file of their own", ["--shared", "a.yaml", "b.yaml", "-t", "nginx,haproxy"], "nginx/mailcow-b.example.org.conf"],
  ["several on one server, with a common file", ["--shared", "a.yaml", "b.yaml", "-t", "nginx,haproxy"], "haproxy/mailcow.cfg"],
];

describe.each(ways)("%s", (_, args, path) => {
  /** Changes the description, so that every file would be written again. */
  const change = () => appendFileSync(join(folder, "a.yaml"), "access: [{ path: /admin, allow: [192.0.2.1] }]\n");
  const lines = (word: string) => `${word}  out/${path}\nmailcow-proxy: Nothing was written, because it would overwrite this file.\n`;

  test("stops before a file that was edited, and writes nothing", async () => {
    expect(await run(...args, "-o", "out")).toMatchObject({ status: 0, err: "" });
    appendFileSync(join(folder, "out", path), "# ours\n");
    change();
    const before = tree();
    const { status, out, err } = await run(...args, "-o", "out");
    expect({ status, out, files: tree() }).toEqual({ status: 1, out: "", files: before });
    expect(err).toContain(lines("edited by hand"));
    expect(err).toContain("add --overwrite.\n");
    expect(await run(...args, "-o", "out", "--overwrite")).toMatchObject({ status: 0, err: "" });
    expect(tree()[path]).not.toContain("# ours");
  });

  test("stops before a file that is not from mailcow-proxy", async () => {
    put(`out/${path}`, "# ours\n");
    const { status, out, err } = await run(...args, "-o", "out");
    expect({ status, out, files: tree() }).toEqual({ status: 1, out: "", files: { [path]: "# ours\n" } });
    expect(err).toContain(lines("not generated"));
    expect(await run(...args, "-o", "out", "--overwrite")).toMatchObject({ status: 0, err: "" });
  });

  test("overwrites what an earlier run wrote", async () => {
    await run(...args, "-o", "out");
    change();
    expect((await run(...args, "-o", "out"))).toMatchObject({ status: 0, err: "", out: expect.stringMatching(/^written /m) });
    expect((await run(...args, "-o", "out")).out).not.toContain("written ");
  });
});

test("names all such files", async () => {
  await run("a.yaml", "b.yaml", "-t", "nginx", "-o", "out");
  for (const path of Object.keys(tree())) appendFileSync(join(folder, "out", path), "# ours\n");
  put("out/a.example.org/haproxy/mailcow-a.example.org.cfg", "# ours\n");
  const { err } = await run("a.yaml", "b.yaml", "-t", "nginx,haproxy", "-o", "out");
  expect(err.match(/^(?:edited|not).*$/gm)).toEqual([
    "edited by hand  out/a.example.org/nginx/mailcow-a.example.org.conf",
    "not generated   out/a.example.org/haproxy/mailcow-a.example.org.cfg",
    "edited by hand  out/b.example.org/nginx/mailcow-b.example.org.conf",
  ]);
  expect(err).toContain("because it would overwrite these files.\n");
});

test("finds an edit that came in through a link", async () => {
  put("own.conf", "# ours\n");
  mkdirSync(join(folder, "out/nginx"), { recursive: true });
  symlinkSync(join(folder, "own.conf"), join(folder, "out/nginx/mailcow-a.example.org.conf"));
  expect(await run("a.yaml", "-t", "nginx", "-o", "out")).toMatchObject({ status: 1, out: "" });
});

test("leaves other files in the folder alone", async () => {
  put("out/README.md", "# ours\n");
  put("out/nginx/ours.conf", "# ours\n");
  put("out/apache/mailcow-a.example.org.conf", "# ours\n");
  expect(await run("a.yaml", "-t", "nginx", "-o", "out")).toMatchObject({ status: 0, err: "" });
});

test("reports the mistakes of descriptions before edits", async () => {
  await run("a.yaml", "-t", "nginx", "-o", "out");
  appendFileSync(join(folder, "out/nginx/mailcow-a.example.org.conf"), "# ours\n");
  put("a.yaml", "hostname: a.example.org\nhostnam: b\n");
  const { status, err } = await run("a.yaml", "-t", "nginx", "-o", "out");
  expect(status).toBe(1);
  expect(err).toContain("[unknown-key]");
  expect(err).not.toContain("edited by hand");
});

test("looks at no file when the output is not a folder, or only compares", async () => {
  put("out/nginx/mailcow-a.example.org.conf", "# ours\n");
  expect(await run("a.yaml", "-t", "nginx")).toMatchObject({ status: 0, err: "" });
  expect(await run("a.yaml", "-t", "nginx", "--format", "tar")).toMatchObject({ status: 0, err: "" });
  expect(await run("a.yaml", "-t", "nginx", "-o", "out", "--check")).toMatchObject({ status: 1, out: "not generated        out/nginx/mailcow-a.example.org.conf\n", err: "" });
});

test.each([
  [["--overwrite"], "--overwrite works only with --output."],
  [["--overwrite", "-o", "out", "--check"], "--overwrite replaces files, but --check only compares; use one of them."],
  [["--overwrite", "--installed", "--diff"], "--overwrite replaces files, but --diff only compares; use one of them."],
])("%j is wrong usage", async (args, sentence) => {
  expect(await mailcowProxy(["generate", ...args])).toMatchObject({ status: 2, err: `mailcow-proxy: ${sentence}\nSee mailcow-proxy --help.\n` });
});
