/** The documentation says what the code does. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codes } from "../src/core/problems/message.ts";
import { certificateMessages } from "../src/core/problems/messages/certificate.ts";
import { features, software, softwareIds } from "../src/core/site/servers.ts";
import { validate } from "../src/index.ts";
import { checker } from "../src/pipeline/check.ts";
import type { Limit } from "./wire/limits.ts";
import { cases, filesBelow, root, sharedCases, snapshots } from "./support.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");

test("every code is documented once", () => {
  const documented = [...read("docs/diagnostics.md").matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code = ""]) => code);
  expect(documented.toSorted()).toEqual([...codes].toSorted());
});

test("every code of a case has the severity of its section", () => {
  const [warnings = "", notes = ""] = read("docs/diagnostics.md").split(/^## (?:Warnings|Notes)$/m).slice(1);
  for (const { code, severity } of [...cases("err"), ...cases("ok")].flatMap(({ bytes }) => validate(bytes))) {
    const section = warnings.includes(`| \`${code}\` |`) ? "warning" : notes.includes(`| \`${code}\` |`) ? "note" : "error";
    expect(`${code} is a ${section}`).toBe(`${code} is a ${severity}`);
  }
});

test("every code has a case", () => {
  const single = [...cases("err"), ...cases("ok")].flatMap(({ bytes }) => validate(bytes));
  const shared = sharedCases().flatMap(({ descriptions }) => descriptions.map(({ file, bytes }) => ({ file, source: bytes })).map(checker({ shared: true })).flatMap(({ diagnostics }) => diagnostics));
  const seen = new Set<string>([...single, ...shared].map(({ code }) => code));
  // The reports that merge and init give on their cases are kept whole.
  for (const report of ["merge", "merged", "init"].flatMap((folder) => filesBelow(join(snapshots, folder)).map((file) => readFileSync(join(snapshots, folder, file), "utf8")))) {
    for (const [, code = ""] of report.matchAll(/^\S+:\d+:\d+: .* \[([a-z-]+)\]$/gm)) seen.add(code);
  }
  // These take large files, which test/hostile.test.ts makes, or two files, which test/cli.test.ts has, or certificates, which test/certificate-files.test.ts makes.
  const elsewhere = ["too-large", "too-many-tokens", "too-many-items", "too-many-names", "sni-repeats", "more", "hostname-taken", ...Object.keys(certificateMessages)];
  expect([...codes].filter((code) => !seen.has(code)).toSorted()).toEqual(elsewhere.toSorted());
});

test("every limit that the tests know is documented", async () => {
  const page = read("docs/contract.md").replaceAll(/\s+/g, " ");
  const files = filesBelow(join(root, "test/wire")).filter((file) => file.startsWith("limits/"));
  const known: (readonly Limit[])[] = await Promise.all(files.map(async (file) => (await import(`./wire/${file}`)).limits));
  expect(known.flat().map(({ reason }) => reason).filter((reason) => !page.includes(reason))).toEqual([]);
});

test("every feature of a version is documented once", () => {
  const documented = [...read("docs/contract.md").matchAll(new RegExp(`^\\| (${softwareIds.map((id) => software[id].title).join("|")}) ([0-9.]+) \\|`, "gm"))].map(([, server = "", since = ""]) => `${server.toLowerCase()} ${since}`);
  expect(documented.toSorted()).toEqual(Object.values(features).map(({ server, since }) => `${server} ${since}`).toSorted());
});

test.each(filesBelow(join(root, "examples")).filter((path) => /^(two-hosts\/)?[a-z-]+\.yaml$/.test(path)))("the example %s is valid without a note", (path) => {
  expect(validate(read(`examples/${path}`))).toEqual([]);
});

test("the examples of the README are there", () => {
  const linked = [...read("README.md").matchAll(/\]\((examples\/[^)]+)\)/g)].map(([, path = ""]) => path);
  expect(linked.length).toBeGreaterThanOrEqual(5);
  expect(linked.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the tests that the documentation names are there", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...filesBelow(join(root, "docs")).map((name) => `docs/${name}`)];
  const named = documents.flatMap((document) => [...read(document).matchAll(/`((?:test|bench|examples|integrations)\/[\w./-]*)`/g)].map(([, path = ""]) => path));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("a new server changes at most six existing files, which CONTRIBUTING.md names", () => {
  const [, list = ""] = /<!-- files of a new server -->(.*?)<!-- end of files -->/s.exec(read("CONTRIBUTING.md")) ?? [];
  const named = [...list.matchAll(/^- `([^`]+)`/gm)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(0);
  expect(named.length).toBeLessThanOrEqual(6);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
