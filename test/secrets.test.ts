/** No secret leaves: every command gets every kind of wrong file, and all that it prints is searched for what was in it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { serverIds } from "../src/core/site/servers.ts";
import type { Io } from "../src/cli/io.ts";
import { withoutSecrets } from "../src/core/secrets/hide.ts";
import { generate, validate } from "../src/index.ts";
import { certificateFacts } from "../src/node/certificate-facts.ts";
import { readTemplates } from "../src/node/templates.ts";
import { formats } from "../src/reports/index.ts";
import { mailcowProxy } from "./memory-io.ts";
import { foreignFiles } from "./secrets/foreign-files.ts";
import { type Marked, found, mark } from "./secrets/marks.ts";
import { confs, descriptions, edits } from "./secrets/mixed-files.ts";
import { cases, filesBelow, root, snapshots } from "./support.ts";

const minimal = "hostname: mail.example.org\n";
const everything = "hostname: mail.example.org\nmail_domains: [example.org]\ntls: { issuer: certbot, email: admin@example.org }\ntargets: [nginx, apache, haproxy, mailcow-conf, certbot]\n";
const missing = { certificate: { fault: { kind: "missing" } }, key: { fault: { kind: "missing" } } } as const;

/** Runs the program beside a good description and a good mailcow.conf. */
async function run(args: readonly string[], files: Record<string, string>, surroundings: Partial<Io> = {}) {
  const good = { "good.yaml": minimal, "good.conf": "MAILCOW_HOSTNAME=mail.example.org\n" };
  return mailcowProxy(args, { ...good, ...files }, undefined, { certificateFacts: async () => missing, ...surroundings });
}

async function expectSilent(args: readonly string[], files: Record<string, string>, { secrets }: Marked, surroundings?: Partial<Io>) {
  const said = await run(args, files, surroundings);
  expect({ args, leaked: found(said.out + said.err, secrets) }).toEqual({ args, leaked: [] });
  return said;
}

/** Every way to have files read as descriptions. */
const asDescriptions = [
  ...formats.flatMap((format) => [["validate", "--format", format], ["validate", "--format", format, "--strict", "--files", "good.yaml"]]),
  ["generate"],
  ["generate", "good.yaml"],
  ["generate", "--shared", "good.yaml"],
  ["generate", "-o", "out"],
  ["generate", "-o", "out", "--check"],
  ["generate", "-o", "out", "--diff"],
  ["generate", "--format", "json"],
  ["generate", "--format", "tar"],
  ["generate", "--installed", "--check"],
  ["generate", "--installed", "--diff"],
];

/** Every way to have one file read as a description, and one of those above. */
const asDescription = [
  ["validate"],
  ["merge", "--into", "good.conf"],
  ["merge", "--into", "good.conf", "--check"],
  ["merge", "--into", "good.conf", "--diff"],
  ["merge", "--into", "good.conf", "--write"],
  ["merge", "--into", "wrong"],
];

/** Every way to have a file read as a mailcow.conf. */
const asConf = [
  ["merge", "good.yaml", "--into", "wrong", "--check"],
  ["merge", "good.yaml", "--into", "wrong", "--diff"],
  ["merge", "good.yaml", "--into", "wrong", "--write"],
  ["merge", "good.yaml", "--into", "wrong", "--write", "--remove-entries", "--rename-hostname"],
  ["merge", "good.yaml", "--into", "wrong", "--diff", "--remove-entries", "--rename-hostname"],
  ["init", "--from", "wrong"],
  ["init", "--from", "wrong", "-o", "-"],
  ["init", "--from", "wrong", "--hostname", "mail.example.org"],
];

const others = [["schema"], ["targets"], ["completion"], ["--help"], ["--get-yargs-completions", "mailcow-proxy", "validate", "wr"], ["--get-yargs-completions", "mailcow-proxy", "merge", "--into", ""]];

describe.each(Object.entries({ foreignFiles, descriptions }))("all %s", (_kind, files) => {
  const contents = Object.fromEntries(Object.entries(files).map(([name, { content }]) => [name, content]));
  const secrets = Object.values(files).flatMap((file) => file.secrets);

  test.each(asDescriptions.map((args) => [args]))("are refused by %j", async (args) => {
    const said = await expectSilent([...args, ...Object.keys(files)], contents, { content: "", secrets });
    expect(said.status).toBe(1);
    // Each is reported.
    if (args[0] === "validate") for (const name of Object.keys(files)) expect((said.out + said.err).replaceAll("%20", " ")).toContain(name);
    expect(said.files.size).toBe(Object.keys(files).length + 2);
  });
});

describe.each(Object.entries(foreignFiles))("%s", (_name, file) => {
  test("has secrets", () => expect(file.secrets.length).toBeGreaterThan(0));

  test("as a description is refused, and no line of it is shown", async () => {
    for (const args of asDescription) {
      const { status, files } = await expectSilent([...args, "wrong"], { wrong: file.content }, file);
      expect([args, status, files.get("wrong")]).toEqual([args, 1, file.content]);
    }
    const [first, ...more] = validate(Buffer.from(file.content, "latin1"));
    expect([first?.source, more.filter(({ source }) => source !== undefined)]).toEqual([undefined, []]);
  });

  test("as the description of the folder", async () => {
    for (const args of [["generate"], ["merge", "--into", "good.conf"]]) await expectSilent(args, { "mailcow-proxy.yaml": file.content }, file);
    await expectSilent(["validate", "-"], { "-": file.content }, file);
  });

  test("as a mailcow.conf", async () => {
    for (const args of asConf) await expectSilent(args, { wrong: file.content }, file);
    // What it prints without an option is the file.
    const { err } = await run(["merge", "good.yaml", "--into", "wrong"], { wrong: file.content });
    expect(found(err, file.secrets)).toEqual([]);
  });

  test("as a mailcow.conf that is installed", async () => {
    for (const how of ["--check", "--diff"]) {
      await expectSilent(["generate", "--installed", how, "-t", "mailcow-conf", "good.yaml"], { "/opt/mailcow-dockerized/mailcow.conf": file.content }, file);
    }
  });

  test("beside what is asked for", async () => {
    for (const args of others) await expectSilent(args, { "wrong": file.content, "mailcow-proxy.yaml": file.content, "mailcow.conf": file.content }, file);
  });
});

describe("the arguments of merge the other way round", () => {
  test("are told, and nothing of either file", async () => {
    const file = foreignFiles["mailcow.conf"] ?? { content: "", secrets: [] };
    const said = await expectSilent(["merge", "mailcow.conf", "--into", "mailcow-proxy.yaml"], { "mailcow.conf": file.content, "mailcow-proxy.yaml": minimal }, file);
    expect(said).toMatchObject({ status: 1, out: "" });
    expect(said.err).toBe(`\
mailcow.conf:1:1: error: this is a list of KEY=value lines, such as a mailcow.conf, not a description [not-a-description]
   help: to make a description from a mailcow.conf, run mailcow-proxy init --from FILE; to set a description's values in it, run mailcow-proxy merge DESCRIPTION --into FILE
1 error
`);
  });

  test.each([[minimal], ["hostname: mail.example.org\nmail_domains:\n  - example.org\n"], ["{ hostname: mail.example.org }\n"]])("a description is no mailcow.conf: %j", async (text) => {
    for (const args of [["merge", "good.yaml", "--into", "wrong.yaml", "--write"], ["init", "--from", "wrong.yaml"]]) {
      const { status, out, err, files } = await run(args, { "wrong.yaml": text });
      expect({ status, out, kept: files.get("wrong.yaml") }).toEqual({ status: 1, out: "", kept: text });
      expect(err).toBe("wrong.yaml:1:1: error: this is not a mailcow.conf: it has none of mailcow's keys [not-a-mailcow-conf]\n   help: use the file in mailcow's folder: /opt/mailcow-dockerized/mailcow.conf\n");
    }
  });
});

describe.each(Object.entries(descriptions))("a description with %s", (_name, file) => {
  test("is refused, and its secrets are not shown", async () => {
    expect(file.secrets.length).toBeGreaterThan(0);
    for (const args of asDescription) expect((await expectSilent([...args, "wrong"], { wrong: file.content }, file)).status).toBe(1);
    for (const args of asConf) await expectSilent(args, { wrong: file.content }, file);
  });

  test("has its carets in its lines", () => {
    const lines = Buffer.from(file.content, "latin1").toString().split("\n");
    for (const { source, line, column, length } of validate(Buffer.from(file.content, "latin1"))) {
      if (source === undefined) continue;
      const columns = Array.from(source).length;
      expect(column + length - 1).toBeLessThanOrEqual(column > columns ? columns + 1 : columns);
      // What stands before the first mark is the line's own.
      expect(lines[line - 1]?.startsWith(source.split("(hidden)")[0] ?? "")).toBe(true);
    }
  });
});

test("what is no secret is shown beside one", () => {
  const source = "{ hostname: mail, password: abc, mail_domains: 1 }";
  expect(validate(source).map(({ column, length, source }) => [source, column, length])).toEqual([
    ["{ hostname: mail, password: (hidden), mail_domains: 1 }", 13, 4],
    ["{ hostname: mail, password: (hidden), mail_domains: 1 }", 19, 8],
    ["{ hostname: mail, password: (hidden), mail_domains: 1 }", 53, 1],
  ]);
});

describe("a file that was edited by hand", () => {
  const generated = generate(everything).files;
  const kinds = { nginx: edits.nginx, apache: edits.apache, haproxy: edits.haproxy, certbot: edits.shell } as const;

  describe.each(Object.entries(kinds))("%s", (target, edit) => {
    test.each([
      ["in its middle", (text: string) => text.replace(/(?<=\n)(?=.*\n.*\n.*$)/, edit.content)],
      ["at its end", (text: string) => `${text}${edit.content}`],
      ["with CRLF", (text: string) => `${edit.content}${text}`.replaceAll("\n", "\r\n")],
      ["in place of all", () => edit.content],
      ["in place of all, without a last line's end", () => edit.content.trimEnd()],
    ])("%s", async (_where, change) => {
      const files = generated.filter((file) => file.target === target);
      expect(files.length).toBeGreaterThan(0);
      const below = (folder: string, name: "path" | "installPath") => Object.fromEntries(files.map((file) => [join(folder, file[name] ?? ""), change(file.content)]));
      for (const how of ["--check", "--diff"]) {
        const output = await expectSilent(["generate", "all.yaml", "-t", target, "-o", "out", how], { "all.yaml": everything, ...below("out", "path") }, edit);
        const installed = await expectSilent(["generate", "all.yaml", "-t", target, "--installed", how], { "all.yaml": everything, ...below("/", "installPath") }, edit);
        expect([output.status, installed.status]).toEqual([1, 1]);
        if (how === "--diff") expect([output.out, installed.out]).toEqual([expect.stringContaining("(hidden)"), expect.stringContaining("(hidden)")]);
      }
    });

  });

  test.each([
    ["nginx", "site.conf.hbs"],
    ["apache", "site.conf.hbs"],
    ["haproxy", "site.cfg.hbs"],
  ] as const)("is compared with what a template for %s makes, and the secrets of that are hidden too", async (target, name) => {
    const edit = kinds[target];
    const readTemplates = async () => ({ [target]: { [name]: () => `# ours\n${edit.content}# end\n` } });
    const path = generated.find((file) => file.target === target)?.path ?? "";
    for (const before of ["# theirs\n", `# ours\n${edit.content.replaceAll("zq", "zr")}# end\n`]) {
      const said = await expectSilent(["generate", "good.yaml", "-t", target, "-o", "out", "--diff", "--templates", "t"], { [`out/${path}`]: before }, edit, { readTemplates });
      expect(said).toMatchObject({ status: 1, out: expect.stringContaining("+# Generated by mailcow-proxy") });
    }
  });

  test.each(["private key", "RSA key with CRLF", "certificate and key", "key without its end", "mailcow.conf in UTF-16", "htpasswd of hashes", "JSON credentials"])("%s in its place", async (name) => {
    const file = name === "htpasswd of hashes" ? { content: `admin:$apr1$${mark(90_001)}\nbob:{SHA}${mark(90_002)}\n`, secrets: [mark(90_001), mark(90_002)] } : (foreignFiles[name] ?? { content: "", secrets: [] });
    // Of a name or a form that tells.
    const secrets = name === "JSON credentials" ? file.secrets.slice(1, -1) : file.secrets;
    const { status } = await expectSilent(["generate", "good.yaml", "-t", "nginx", "-o", "out", "--diff"], { "out/nginx/mailcow-mail.example.org.conf": file.content }, { content: file.content, secrets });
    expect(status).toBe(1);
  });

  test("that differs in a secret alone is told", async () => {
    const path = "nginx/mailcow-mail.example.org.conf";
    const readTemplates = async () => ({ nginx: { "site.conf.hbs": () => "# ours\nset $password new;\n" } });
    const { out } = await run(["generate", "good.yaml", "-t", "nginx", "--templates", "t"], {}, { readTemplates });
    const said = await run(["generate", "good.yaml", "-t", "nginx", "-o", "out", "--diff", "--templates", "t"], { [`out/${path}`]: out.replace("new", "old") }, { readTemplates });
    expect(said).toMatchObject({ status: 1, out: "" });
    expect(said.err).toContain(`out/${path} differs only in a secret, which is not shown\n`);
  });
});

describe.each(Object.entries(confs))("a mailcow.conf with %s", (_name, file) => {
  test("is taken, and its secrets are not shown", async () => {
    for (const args of asConf) await expectSilent(args, { wrong: file.content }, file);
    const { err, out } = await run(["merge", "good.yaml", "--into", "wrong", "--remove-entries", "--rename-hostname"], { wrong: file.content });
    expect(found(err, file.secrets)).toEqual([]);
    // Its values that are set are the only ones that go.
    expect(found(out, file.secrets).length).toBeGreaterThan(file.secrets.length / 2);
    for (const how of ["--check", "--diff"]) await expectSilent(["generate", "--installed", how, "-t", "mailcow-conf", "good.yaml"], { "/opt/mailcow-dockerized/mailcow.conf": file.content }, file);
  });
});

describe("in place of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-secrets-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries({ ...foreignFiles, ...descriptions }))("of a template or a certificate: %s", async (name, file) => {
    const place = join(folder, name.replaceAll(/\W/g, "-"));
    mkdirSync(join(place, "nginx"), { recursive: true });
    writeFileSync(join(place, "file"), file.content, "latin1");
    for (const spoilt of [file.content, `{{#if hostname}}\n${file.content}`, `${file.content}{{`, file.content.replace("zq", "{{'zq").replace("\n", "'\n")]) {
      writeFileSync(join(place, "nginx/site.conf.hbs"), spoilt, "latin1");
      // What it prints is made from the template.
      const { err } = await run(["generate", "good.yaml", "-t", "nginx", "--templates", place], {}, { readTemplates: (path) => readTemplates("/", path) });
      expect(found(err, file.secrets)).toEqual([]);
    }
    const description = `${minimal}tls: { issuer: files, certificate: ${place}/file, key: ${place}/file }\n`;
    await expectSilent(["validate", "--files", "files.yaml"], { "files.yaml": description }, file, { certificateFacts });
  });
});

describe("any list of KEY=value lines", () => {
  const key = fc.oneof(fc.constantFrom("DBPASS", "REDISPASS", "A", "hostname", "targets", "x.y", "API_KEY"), fc.stringMatching(/^[A-Za-z_]\w{0,12}$/));
  const value = fc.tuple(fc.constantFrom("", '"', "'", "{", "[", "- ", "# ", "!", "&", "*", "|", ": ", "x: ", "%", "@", "`", "\\", "a #"), fc.nat({ max: 40 }), fc.constantFrom("", '"', "'", "}", "]", ": y", " # z", "\\", "="));
  const assignment = fc.tuple(fc.constantFrom("", "", "", "export ", "  ", "\t"), key, fc.constantFrom("=", "=", "=", " = "), value).map(([before, name, sign, [open, number, close]]) => `${before}${name}${sign}${open}${mark(number)}${close}`);
  const odd = fc.oneof(fc.constantFrom("", "# text", "  ", "{", "- x"), fc.nat({ max: 40 }).map(mark));
  // Of the odd lines there are no more than of the others.
  const lines = fc.array(fc.tuple(assignment, fc.option(odd)), { minLength: 1, maxLength: 8 }).chain((pairs) => fc.shuffledSubarray(pairs.flatMap(([first, second]) => (second === null ? [first] : [first, second])), { minLength: pairs.flat().filter((one) => one !== null).length }));
  const file = fc
    .tuple(lines, fc.constantFrom("\n", "\r\n"), fc.boolean(), fc.boolean(), fc.constantFrom<BufferEncoding>("utf8", "utf16le"))
    .map(([lines, end, marked, ended, encoding]) => Buffer.from(`${marked ? "\ufeff" : ""}${lines.join(end)}${ended ? end : ""}`, encoding).toString("latin1"));
  const secrets = Array.from({ length: 41 }, (_, number) => mark(number));

  test("is no description, and nothing of it is shown", async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.constantFrom(...asDescriptions, ...asDescription, ...asConf), async (content, args) => {
        const given = args.includes("wrong") ? args : [...args, "wrong"];
        await expectSilent(given, { wrong: content }, { content, secrets });
        const [first, ...more] = validate(Buffer.from(content, "latin1"));
        expect([first?.code, first?.source, more]).toEqual(["not-a-description", undefined, []]);
      }),
      { seed: 20_260_401, numRuns: 300 },
    );
  });
});

/** A hash of a password, with the quotes of Rspamd's, and what HAProxy's lines have after words that often come before a password. */
const hash = /(?<=banlist\?id=)[^\s"']+|\$2y\$\d\d\$[./A-Za-z0-9]{53}|"\$[12]\$[a-z0-9$]{85}"|(?<=http-request (?:auth|del-header Authorization) ).*/g;

describe("the hashes of basic_auth", () => {
  const hashes = ["a", "b"].map((letter) => `$2y$10$${letter.repeat(53)}`);
  const [before, after] = hashes.map((one) => `${minimal}mail_domains: [example.org]\nbasic_auth: { paths: [/rspamd], users: ["alice:${one}"] }\n`);

  test.each(serverIds)("are in no diff for %s", async (target) => {
    const { files } = generate(before ?? "", { targets: [target] });
    expect(files.some(({ content }) => content.includes(hashes[0] ?? ""))).toBe(true);
    for (const [folder, name, args] of [["out", "path", ["-o", "out"]], ["/", "installPath", ["--installed"]]] as const) {
      const there = Object.fromEntries(files.map((file) => [join(folder, file[name] ?? ""), file.content]));
      for (const how of ["--check", "--diff"]) {
        const said = await expectSilent(["generate", "all.yaml", "-t", target, ...args, how], { "all.yaml": after ?? "", ...there }, { content: "", secrets: hashes });
        expect(said.status).toBe(1);
      }
    }
  });
});

describe("the hashes of rspamd", () => {
  const hashes = ["y", "b"].map((letter) => `$1$${letter.repeat(32)}$${letter.repeat(52)}`);
  const [before, after] = hashes.map((one) => `${minimal}rspamd: { enable_password: ${one} }\ntargets: [rspamd]\n`);

  test("are in no diff", async () => {
    const { files } = generate(before ?? "");
    expect(files.some(({ content }) => content.includes(hashes[0] ?? ""))).toBe(true);
    for (const [folder, name, args] of [["out", "path", ["-o", "out"]], ["/", "installPath", ["--installed"]]] as const) {
      const there = Object.fromEntries(files.map((file) => [join(folder, file[name] ?? ""), file.content]));
      for (const how of ["--check", "--diff"]) {
        const said = await expectSilent(["generate", "all.yaml", ...args, how], { "all.yaml": after ?? "", ...there }, { content: "", secrets: hashes });
        expect(said.status).toBe(1);
      }
    }
  });

  test.each([["correct-horse"], ["$2$short"], ["2468013579"], ["\"{ a: b }\""], [`$1$${mark(90_003)}`]])("a password in their place is in no report: %s", async (password) => {
    for (const args of asDescription) {
      const given = args.includes("wrong") ? args : [...args, "wrong"];
      await expectSilent(given, { wrong: `${minimal}rspamd:\n  enable_password: ${password}\n  password: ${password}\n` }, { content: "", secrets: [password.replaceAll('"', "")] });
    }
  });
});

describe("what has no secret is shown as it is", () => {
  // An expression that begins again at each character would take minutes for these.
  test.each(["x", "a@", "a+.-", "/f2b-banlist?&", " banlist:", " rspamd :{", "@a.a", "pasw"])("a long line of %s", (part) => {
    const text = part.repeat(250_000 / part.length);
    expect(withoutSecrets(text) === text).toBe(true);
  });

  test.each(filesBelow(snapshots).filter((path) => /^(?:ok|shared)\/.*\/.*\//.test(path)))("%s", (path) => {
    const text = readFileSync(join(snapshots, path), "utf8");
    // In YAML, all below such a key is hidden.
    const outside = (shown: string) => shown.replaceAll(/(?<=^ *basicAuth:\n)(?: {8,}.*\n)+/gm, "");
    expect(outside(withoutSecrets(text))).toBe(outside(text.replaceAll(hash, "(hidden)")));
  });

  test.each([...cases("ok"), ...cases("err")].filter(({ name }) => !/^(?:secrets|basic-auth|key-misspelt|rspamd|section-unused|banlist-front|mail-public|relayhost-(?:password|plain|variable))/.test(name)))("in the case $name", ({ bytes }) => {
    const lines = Buffer.from(bytes).toString().replace(/^\ufeff/, "").split(/\r?\n/);
    for (const { source, line, code } of validate(bytes)) expect(source).toBe(code === "not-a-description" ? undefined : lines[line - 1]);
  });

  test.each(filesBelow(join(root, "examples")).filter((path) => /\.(?:yaml|conf|cfg)$/.test(path)))("the example %s", (path) => {
    const text = readFileSync(join(root, "examples", path), "utf8");
    expect(withoutSecrets(text)).toBe(text);
  });
});
