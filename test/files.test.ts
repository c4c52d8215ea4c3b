/** Files on a real disk. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readBytes } from "../src/node/files.ts";
import { writeTree } from "../src/node/write-tree.ts";
import { ownMark } from "../src/node/processes.ts";
import { writeFiles } from "./write-files.ts";
import { readTemplates } from "../src/node/templates.ts";
import { filesBelow } from "./support.ts";
import { sha256 } from "../src/core/output/sha256.ts";
import { checker } from "../src/pipeline/check.ts";
import { renderAll } from "../src/pipeline/render.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = { path: "nginx/site.conf", mode: "0640", content: "server {}\n" };

test("writes a file with its mode and leaves nothing beside it", async () => {
  expect(await writeFiles(folder, "out", [file])).toEqual([{ path: "out/nginx/site.conf", changed: true }]);
  expect(readFileSync(join(folder, "out/nginx/site.conf"), "utf8")).toBe("server {}\n");
  expect(statSync(join(folder, "out/nginx/site.conf")).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(folder, "out/nginx"))).toEqual(["site.conf"]);
});

test("does not touch a file that is right already", async () => {
  await writeFiles(folder, "out", [file]);
  const before = statSync(join(folder, "out/nginx/site.conf"));
  expect(await writeFiles(folder, "out", [file])).toEqual([{ path: "out/nginx/site.conf", changed: false }]);
  const after = statSync(join(folder, "out/nginx/site.conf"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("says which path could not be written and why", async () => {
  writeFileSync(join(folder, "out"), "");
  await expect(writeFiles(folder, "out", [file])).rejects.toThrow("cannot write out/nginx/site.conf: there is a file where a folder should be");
  mkdirSync(join(folder, "out2/nginx/site.conf"), { recursive: true });
  await expect(writeFiles(folder, "out2", [file])).rejects.toThrow("cannot write out2/nginx/site.conf: it is a folder");
});

test("writes a file again whose owner should be able to run it, and cannot", async () => {
  const script = { path: "run", mode: "0755", content: "#!/bin/sh\n" };
  await writeFiles(folder, "out", [script]);
  chmodSync(join(folder, "out/run"), 0o644);
  expect(await writeFiles(folder, "out", [script])).toEqual([{ path: "out/run", changed: true }]);
  expect(statSync(join(folder, "out/run")).mode & 0o777).toBe(0o755);
});

const many = Array.from({ length: 100 }, (_, index) => ({ ...file, path: `host${index}/site.conf`, content: `${index}\n` }));

/** Every file with its content. */
const written = () => filesBelow(join(folder, "out")).map((path) => ({ path, content: readFileSync(join(folder, "out", path), "utf8") }));
const expected = many.map(({ path, content }) => ({ path, content })).toSorted((left, right) => (left.path < right.path ? -1 : 1));

test("writes many files, whose file system is brought to the disk once", async () => {
  expect(await writeFiles(folder, "out", many)).toEqual(many.map(({ path }) => ({ path: `out/${path}`, changed: true })));
  expect(written()).toEqual(expected);
});

test("writes many files where there is no program that does that", async () => {
  vi.stubEnv("PATH", folder);
  await writeFiles(folder, "out", many);
  expect(written()).toEqual(expected);
  vi.unstubAllEnvs();
});

test("leaves every file as it was when one of many cannot be written", async () => {
  await writeFiles(folder, "out", [{ ...file, path: "host0/site.conf", content: "old\n" }]);
  mkdirSync(join(folder, "out/host99/site.conf"), { recursive: true });
  await expect(writeFiles(folder, "out", many)).rejects.toThrow("cannot write out/host99/site.conf: it is a folder");
  expect(written()).toEqual([{ path: "host0/site.conf", content: "old\n" }]);
});

test("takes away what was added and never put in place, and leaves alone what is on its way there", async () => {
  const tree = writeTree(folder, "out");
  tree.add([file]);
  const committing = tree.commit();
  tree.add([{ ...file, path: "nginx/mailcow-a.conf" }, { ...file, path: "apache/mailcow-a.conf" }]);
  tree.discard();
  expect(await committing).toEqual([{ path: "out/nginx/site.conf", changed: true }]);
  expect(filesBelow(join(folder, "out"))).toEqual(["nginx/site.conf"]);
  expect(await tree.commit()).toEqual([]);
});

test("removes what runs have left that were killed, one with the number of this run too", async () => {
  mkdirSync(join(folder, "out/nginx"), { recursive: true });
  const { pid: ended } = spawnSync("true");
  const [among] = ownMark().split(".");
  // Two are of other containers, in which nobody knows who runs; the last one is nobody's of ours.
  const [living, ...left] = [`${among}.${process.ppid}`, `${among}.${ended}`, ownMark()];
  const [young, old, other] = [`0123abcd.${process.pid}`, `0123abcd.${ended}`, `${process.ppid}`];
  for (const mark of [living, ...left, young, old, other]) writeFileSync(join(folder, `out/nginx/.mailcow-a.conf.${mark}`), "half");
  const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(join(folder, `out/nginx/.mailcow-a.conf.${old}`), hoursAgo, hoursAgo);
  await writeFiles(folder, "out", [{ ...file, path: "nginx/mailcow-a.conf" }]);
  expect(readdirSync(join(folder, "out/nginx")).toSorted()).toEqual([...[living, young, other].map((mark) => `.mailcow-a.conf.${mark}`), "mailcow-a.conf"].toSorted());
});

test("follows a link to the folder, and none in it that leads out", async () => {
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync("elsewhere", join(folder, "out"));
  await writeFiles(folder, "out", [file]);
  expect(readFileSync(join(folder, "elsewhere/nginx/site.conf"), "utf8")).toBe(file.content);
  mkdirSync(join(folder, "secret"));
  symlinkSync("../secret", join(folder, "elsewhere/apache"));
  await expect(writeFiles(folder, "out", [{ ...file, path: "apache/deep/site.conf" }])).rejects.toThrow("cannot write out/apache/deep/site.conf: a symbolic link in its path leads out of out");
  expect(readdirSync(join(folder, "secret"))).toEqual([]);
});

test("replaces a link to a FIFO or a device without a look at it", async () => {
  mkdirSync(join(folder, "out/nginx"), { recursive: true });
  for (const to of ["/dev/zero", "fifo"]) {
    spawnSync("mkfifo", [join(folder, "out/nginx/fifo")]);
    rmSync(join(folder, "out", file.path), { force: true });
    symlinkSync(to, join(folder, "out", file.path));
    expect(await writeFiles(folder, "out", [file])).toEqual([{ path: "out/nginx/site.conf", changed: true }]);
    expect(readFileSync(join(folder, "out", file.path), "utf8")).toBe(file.content);
  }
});

test("gives up below /proc, where no folder can be made", async () => {
  await expect(writeFiles("/", "/proc/out", [file])).rejects.toThrow("cannot write /proc/out/nginx/site.conf: no such file");
});

test("says which path could not be read and why", async () => {
  expect(() => readBytes(folder, "nowhere.yaml")).toThrow("cannot read nowhere.yaml: no such file");
  expect(() => readBytes(folder, ".")).toThrow("cannot read .: it is a folder");
});

test("a user's template stands in for the built-in one of its name", async () => {
  mkdirSync(join(folder, "own/mailcow-conf"), { recursive: true });
  writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), "{{hostname}} on {{HTTP_PORT}}\n");
  const { site } = checker()({ source: "hostname: mail.example.org", file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  expect(renderAll([{ site, targets: ["mailcow-conf"] }], { sha256, overrides: await readTemplates(folder, "own") })[0]?.content).toMatch(/^# Generated by .*\n# Digest .*\nmail\.example\.org on 8080\n$/);
});

test("a user's template that is wrong says what and where", async () => {
  mkdirSync(join(folder, "own/mailcow-conf"), { recursive: true });
  const { site } = checker()({ source: "hostname: mail.example.org", file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  for (const [text, line, reason] of [
    ["a\n{{hostnam}}", 2, "there is no value hostnam here; did you mean hostname?"],
    ["{{hostname}}\n\n{{#if hostname}}{{zzzzzzzzzz}}{{/if}}", 3, "there is no value zzzzzzzzzz here"],
    ["a\n{{> b}}", 2, "there is no template b to insert; use one of: mailcow"],
    ["a\n{{> mailco}}", 2, "there is no template mailco to insert; did you mean mailcow?"],
    ["a\n{{#if hostname hostname}}{{/if}}", 2, "{{#if}} takes one value"],
  ] as const) {
    writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), text);
    const templates = await readTemplates(folder, "own");
    expect(() => renderAll([{ site, targets: ["mailcow-conf"] }], { sha256, overrides: templates })).toThrow(expect.objectContaining({ message: `own/mailcow-conf/mailcow.conf.hbs:${line}: ${reason}` }));
  }
  for (const [text, line, reason] of [
    ["{{#if}", 1, "this is not a template of Handlebars: it ends too early, or a tag is not closed"],
    ["a\n{{#if a}}\nb\n", 4, "this is not a template of Handlebars: it ends too early, or a tag is not closed"],
    ["a\n{{{b}}\n", 2, "this is not a template of Handlebars: CLOSE is not expected here"],
    ["a\n{{#if a}}{{/each}}\n", 2, "if doesn't match each"],
  ] as const) {
    writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), text);
    await expect(readTemplates(folder, "own")).rejects.toThrow(expect.objectContaining({ message: `own/mailcow-conf/mailcow.conf.hbs:${line}: ${reason}` }));
  }
  writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), "");
  writeFileSync(join(folder, "own/mailcow-conf/other.hbs"), "");
  await expect(readTemplates(folder, "own")).rejects.toThrow("own/mailcow-conf/other.hbs is not a template of mailcow-conf; use one of: mailcow.conf.hbs");
});
