/** What is printed in place of a folder: for programs that read it, and for tar. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import schema from "../schemas/files.schema.json" with { type: "json" };
import type { OutputFile } from "../src/core/output/output-file.ts";
import { checker } from "../src/pipeline/check.ts";
import { renderAll } from "../src/pipeline/render.ts";
import { sha256 } from "../src/core/output/sha256.ts";
import { targetIds } from "../src/targets/index.ts";
import { writeFiles } from "./write-files.ts";
import { nothing } from "../src/targets/shared/requirements.ts";
import { type FileFormat, outputs } from "../src/outputs/index.ts";
import type { Group } from "../src/outputs/output.ts";
import { accepted, ascii } from "./injection.ts";
import { type Case, cases, filesBelow, sharedCases } from "./support.ts";

/** The files of descriptions on one server, as one group. */
function group(descriptions: readonly Pick<Case, "bytes" | "file">[], shared: boolean): Group {
  const checked = descriptions.map(({ bytes, file }) => ({ source: bytes, file })).map(checker({ shared }));
  const asked = checked.flatMap(({ site, targets }) => (site === undefined ? [] : [{ site, targets }]));
  return { asked, files: asked.length < checked.length ? [] : renderAll(asked, { sha256 }) };
}

async function printed(groups: readonly Group[], format: FileFormat, ending: () => void = () => {}): Promise<Buffer> {
  async function* each() {
    yield* groups;
    ending();
  }
  const pieces: Buffer[] = [];
  for await (const piece of outputs[format](each(), sha256)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const all = [...cases("ok").map((one) => ({ name: one.name, group: group([one], false) })), ...sharedCases().map(({ name, descriptions }) => ({ name, group: group(descriptions, true) }))].filter((one) => one.group.files.length > 0);
const files = all.flatMap((one) => one.group.files);
const longest = files.reduce((left, right) => (left.path.length > right.path.length ? left : right));

describe("json", () => {
  const valid = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);

  test.each(all)("of $name is as its schema says, and has every file", async ({ group }) => {
    const document: { files: { path: string; sha256: string; content: string }[] } = JSON.parse((await printed([group], "json")).toString());
    expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
    expect(document.files.map(({ path, content }) => ({ path, content }))).toEqual(group.files.map(({ path, content }) => ({ path, content })));
    for (const { sha256, content } of document.files) expect(sha256).toBe(createHash("sha256").update(content).digest("hex"));
  });

  test("has every field in one order, and a line for each file", async () => {
    const some: OutputFile = { target: "mailcow-conf", path: "mailcow-conf/a.conf", installPath: "/opt/mailcow.conf", host: "mailcow", install: "merged", isSecret: false, mode: "0600", group: undefined, validate: undefined, reload: "run", requires: { ...nothing, certificates: [{ certificate: "/a", key: "/b", combined: undefined }] }, content: "ü\n" };
    expect((await printed([{ asked: [], files: [some, { ...some, validate: "check" }] }], "json")).toString()).toBe(
      `{"files":[\n${["null", '"check"']
        .map((validate) => `{"target":"mailcow-conf","path":"mailcow-conf/a.conf","install_path":"/opt/mailcow.conf","host":"mailcow","install":"merged","mode":"0600","group":null,"validate":${validate},"reload":"run","requires":{"certificates":[{"certificate":"/a","key":"/b","combined":null}],"scripts":[],"folders":[],"modules":[]},"sha256":"${sha256("ü\n")}","content":"ü\\n"}`)
        .join(",\n")}\n]}\n`,
    );
  });

  test("without a file is a document, too", async () => {
    expect(JSON.parse((await printed([], "json")).toString())).toEqual({ files: [] });
  });

  test("what a file requires is what the files of its target name", () => {
    let required = 0;
    for (const { target, requires } of files) {
      const text = files.filter((file) => file.target === target).map(({ content }) => content).join("");
      const { certificates, scripts, folders, modules } = requires;
      for (const word of [...certificates.flatMap(({ certificate, key, combined }) => [certificate, key, combined ?? key]), ...scripts, ...folders, ...modules]) {
        expect(text).toContain(word);
        required++;
      }
    }
    expect(required).toBeGreaterThan(100);
  });

  test("the schema knows the targets", () => {
    for (const id of targetIds) expect(id).toMatch(new RegExp(schema.$defs.file.properties.target.pattern));
  });

  test.each([
    ['"mode":"0644"', '"mode":"644"'],
    ['"reload":', '"restart":'],
    ['"target":"nginx"', '"target":"Caddy Server"'],
    ['"install_path":"/', '"install_path":"'],
  ])("the schema refuses a document with %s made %s", async (from, to) => {
    const document = (await printed(all.map((one) => one.group), "json")).toString();
    expect(document).toContain(from);
    expect(valid(JSON.parse(document.replace(from, to)))).toBe(false);
  });
});

describe("tar", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-tar-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function tar(args: readonly string[], input: Buffer): string {
    const { status, stdout, stderr, error } = spawnSync("tar", args, { input, cwd: folder, encoding: "utf8", env: { ...process.env, TZ: "UTC", LC_ALL: "C" } });
    if (error !== undefined) throw error;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return stdout;
  }

  /** Every file of all cases, each case in a folder of its own. */
  const groups = all.map(({ name, group }) => ({ asked: [], files: group.files.map((file) => ({ ...file, path: `${name}/${file.path}` })) }));

  test("unpacks to what a folder is written with, modes included", async () => {
    mkdirSync(join(folder, "unpacked"));
    tar(["-xpf", "-", "-C", "unpacked"], await printed(groups, "tar"));
    await writeFiles(folder, "written", groups.flatMap((one) => one.files));
    const paths = filesBelow(join(folder, "written"));
    expect(paths.length).toBe(files.length);
    expect(filesBelow(join(folder, "unpacked"))).toEqual(paths);
    for (const path of paths) {
      const [left, right] = ["unpacked", "written"].map((name) => join(folder, name, path));
      expect(readFileSync(left ?? "", "utf8")).toBe(readFileSync(right ?? "", "utf8"));
      expect(`${path} ${(statSync(left ?? "").mode & 0o7777).toString(8)}`).toBe(`${path} ${(statSync(right ?? "").mode & 0o7777).toString(8)}`);
    }
  });

  test("of hostile text unpacks to files with the names of their hosts", async () => {
    const hosts = new Map(accepted("/hostname").map(({ value, yaml }) => [ascii(value), group([{ bytes: Buffer.from(yaml), file: "x.yaml" }], false).files]));
    expect(hosts.size).toBeGreaterThan(30);
    const inFolders = [...hosts].map(([name, some]) => ({ asked: [], files: some.map((file) => ({ ...file, path: `${name}/${file.path}` })) }));
    mkdirSync(join(folder, "hosts"));
    tar(["-xpf", "-", "-C", "hosts"], await printed(inFolders, "tar"));
    const expected = inFolders.flatMap((one) => one.files);
    expect(filesBelow(join(folder, "hosts"))).toEqual(expected.map(({ path }) => path).toSorted());
    for (const { path, content } of expected) expect(readFileSync(join(folder, "hosts", path), "utf8")).toBe(content);
    const document: { files: { path: string; content: string }[] } = JSON.parse((await printed(inFolders, "json")).toString());
    expect(document.files.map(({ path, content }) => ({ path, content }))).toEqual(expected.map(({ path, content }) => ({ path, content })));
  });

  test("has a name longer than the header's field for one", async () => {
    expect(longest.path.length).toBeGreaterThan(230);
    expect(tar(["-tf", "-"], await printed([{ asked: [], files: [longest] }], "tar"))).toBe(`${longest.path}\n`);
  });

  test("is the same whenever it is made, sorted, with owner 0", async () => {
    const [some] = groups;
    const archive = await printed([{ asked: [], files: some?.files.toReversed() ?? [] }], "tar");
    expect(archive.equals(await printed(some === undefined ? [] : [some], "tar"))).toBe(true);
    const lines = tar(["-tvf", "-", "--numeric-owner"], archive).trimEnd().split("\n");
    const paths = lines.map((line) => line.split(/\s+/).at(-1) ?? "");
    expect(paths).toEqual(paths.toSorted());
    for (const line of lines) expect(line).toMatch(/^-rw[-rwx]+ 0\/0 +\d+ 1970-01-01 00:00 /);
  });

  test("fails as a whole when a file cannot be made", async () => {
    const broken = printed(groups, "tar", () => {
      throw new Error("a template is wrong");
    });
    await expect(broken).rejects.toThrow("a template is wrong");
  });
});
