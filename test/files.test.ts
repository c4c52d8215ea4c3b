/** Files on a real disk. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readBytes, writeTree } from "../src/node/files.ts";
import { readTemplates } from "../src/node/templates.ts";
import { check, renderAll } from "../src/core/pipeline.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = { path: "nginx/site.conf", mode: "0640", content: "server {}\n" };

test("writes a file with its mode and leaves nothing beside it", async () => {
  expect(await writeTree(folder, "out", [file])).toEqual([{ path: "out/nginx/site.conf", changed: true }]);
  expect(readFileSync(join(folder, "out/nginx/site.conf"), "utf8")).toBe("server {}\n");
  expect(statSync(join(folder, "out/nginx/site.conf")).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(folder, "out/nginx"))).toEqual(["site.conf"]);
});

test("does not touch a file that is right already", async () => {
  await writeTree(folder, "out", [file]);
  const before = statSync(join(folder, "out/nginx/site.conf"));
  expect(await writeTree(folder, "out", [file])).toEqual([{ path: "out/nginx/site.conf", changed: false }]);
  const after = statSync(join(folder, "out/nginx/site.conf"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("says which path could not be written and why", async () => {
  writeFileSync(join(folder, "out"), "");
  await expect(writeTree(folder, "out", [file])).rejects.toThrow("cannot write out/nginx/site.conf: a part of its path is not a folder");
  mkdirSync(join(folder, "out2/nginx/site.conf"), { recursive: true });
  await expect(writeTree(folder, "out2", [file])).rejects.toThrow("cannot write out2/nginx/site.conf: it is a folder");
});

test("gives up below /proc, where no folder can be made", async () => {
  await expect(writeTree("/", "/proc/out", [file])).rejects.toThrow("cannot write /proc/out/nginx/site.conf: there is no such file");
});

test("says which path could not be read and why", async () => {
  await expect(readBytes(folder, "nowhere.yaml")).rejects.toThrow("cannot read nowhere.yaml: there is no such file");
  await expect(readBytes(folder, ".")).rejects.toThrow("cannot read .: it is a folder");
});

test("a user's template stands in for the built-in one of its name", async () => {
  mkdirSync(join(folder, "own/mailcow-conf"), { recursive: true });
  writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), "{{hostname}} on {{http.port}}\n");
  const { site } = check({ source: "hostname: mail.example.org", file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  expect(renderAll([{ site, targets: ["mailcow-conf"] }], await readTemplates(folder, "own"))[0]?.content).toBe("mail.example.org on 8080\n");
});

test("a user's template that is wrong says what and where", async () => {
  mkdirSync(join(folder, "own/mailcow-conf"), { recursive: true });
  const { site } = check({ source: "hostname: mail.example.org", file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  for (const [text, reason] of [
    ["{{hostnam}}", "hostnam"],
    ["{{#if}", "Parse error"],
  ] as const) {
    writeFileSync(join(folder, "own/mailcow-conf/mailcow.conf.hbs"), text);
    const templates = await readTemplates(folder, "own");
    expect(() => renderAll([{ site, targets: ["mailcow-conf"] }], templates)).toThrow(/own\/mailcow-conf\/mailcow\.conf\.hbs: /);
    expect(() => renderAll([{ site, targets: ["mailcow-conf"] }], templates)).toThrow(reason);
  }
  writeFileSync(join(folder, "own/mailcow-conf/other.hbs"), "");
  await expect(readTemplates(folder, "own")).rejects.toThrow("own/mailcow-conf/other.hbs is no template of mailcow-conf; they are mailcow.conf.hbs");
});
