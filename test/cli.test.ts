/** The command line with stand-in surroundings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codes } from "../src/core/problems/message.ts";
import { targetIds } from "../src/targets/index.ts";
import { mailcowProxy, minimal } from "./stand-in.ts";
import { root } from "./support.ts";

describe("generate", () => {
  test("prints one file as its bytes and nothing else", async () => {
    const { status, out, err } = await mailcowProxy(["generate", "-t", "mailcow-conf"]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(/^# The values of mailcow\.conf for mail\.example\.org/);
    expect(out).not.toContain("==>");
  });

  test("tells several files apart", async () => {
    const { out } = await mailcowProxy(["generate", "-t", "nginx,mailcow-conf", "-t", "apache"]);
    expect(out.match(/^# ==> .*$/gm)).toEqual([
      "# ==> nginx/mailcow-mail.example.org.conf <==",
      "# ==> apache/mailcow-mail.example.org.conf <==",
      "# ==> mailcow-conf/mailcow-mail.example.org.conf <==",
    ]);
  });

  test("reads standard input for a hyphen", async () => {
    const { status, out } = await mailcowProxy(["generate", "-", "-t", "mailcow-conf"], { files: { "-": "hostname: a.example.org" } });
    expect(status).toBe(0);
    expect(out).toContain("MAILCOW_HOSTNAME=a.example.org\n");
  });

  test("reads what stands behind two hyphens", async () => {
    const files = { "-a.yaml": "hostname: a.example.org", "b.yaml": "hostname: b.example.org" };
    const { out } = await mailcowProxy(["validate", "b.yaml", "--", "-a.yaml"], { files });
    expect(out).toBe("b.yaml: b.example.org is valid\n-a.yaml: a.example.org is valid\n");
  });

  test("gives each of several descriptions a folder", async () => {
    const files = { "a.yaml": "hostname: a.example.org", "b.yaml": "hostname: b.example.org" };
    const { status, written, out } = await mailcowProxy(["generate", "a.yaml", "b.yaml", "-t", "nginx", "-o", "out"], { files });
    expect(status).toBe(0);
    expect([...written.keys()]).toEqual(["out/a.example.org/nginx/mailcow-a.example.org.conf", "out/b.example.org/nginx/mailcow-b.example.org.conf"]);
    expect(out).toBe("written    out/a.example.org/nginx/mailcow-a.example.org.conf\nwritten    out/b.example.org/nginx/mailcow-b.example.org.conf\n");
  });

  test("renders several descriptions for one server", async () => {
    const files = {
      "a.yaml": "hostname: a.example.org\nmail_domains: []\n",
      "b.yaml": "hostname: b.example.org\nmail_domains: []\nmailcow: { directory: /srv/b, http: { port: 18080 } }\n",
      "c.yaml": "hostname: c.example.org\nmail_domains: []\nmailcow: { directory: /srv/c }\n",
    };
    const { status, out } = await mailcowProxy(["generate", "--shared", "a.yaml", "b.yaml", "-t", "nginx,haproxy", "-o", "out"], { files });
    expect({ status, out }).toEqual({
      status: 0,
      out: ["nginx/mailcow-a.example.org.conf", "nginx/mailcow-b.example.org.conf", "haproxy/mailcow.cfg", "haproxy/mailcow.crt-list"].map((path) => `written    out/${path}\n`).join(""),
    });
    const refused = await mailcowProxy(["generate", "--shared", "a.yaml", "b.yaml", "c.yaml"], { files });
    expect(refused).toMatchObject({ status: 1, out: "" });
    expect(refused.err).toContain("c.yaml:3:10: error: a.yaml also reaches its mailcow at 127.0.0.1 port 8080");
  });

  test("writes nothing when one of several descriptions is wrong, and reports all of them", async () => {
    const files = { "a.yaml": minimal, "b.yaml": minimal, "c.yaml": "hostname: mail" };
    const { status, written, out, err } = await mailcowProxy(["generate", "a.yaml", "b.yaml", "c.yaml", "-o", "out"], { files });
    expect({ status, out, files: written.size }).toEqual({ status: 1, out: "", files: 0 });
    expect(err).toContain("b.yaml:1:11: error: mail.example.org is already described in a.yaml [hostname-taken]");
    expect(err).toContain("c.yaml:1:11: error: mail is a host name without a domain [host-name]");
    expect(err).toContain("2 errors\n");
  });

  test("prints JSON and archives, and no archive on a terminal", async () => {
    const { files }: { files: { path: string }[] } = JSON.parse((await mailcowProxy(["generate", "--format", "json", "-t", "nginx,mailcow-conf"])).out);
    expect(files.map(({ path }) => path)).toEqual(["nginx/mailcow-mail.example.org.conf", "mailcow-conf/mailcow-mail.example.org.conf"]);
    expect((await mailcowProxy(["generate", "--format", "tar", "-t", "nginx"])).out).toMatch(/^nginx\/mailcow-mail\.example\.org\.conf\0/);
    const { status, out, err } = await mailcowProxy(["generate", "--format", "tar"], { terminal: true });
    expect({ status, out, err }).toEqual({ status: 2, out: "", err: "mailcow-proxy: Not writing an archive to the terminal; send it to a file or another program.\n" });
  });

  test("takes the descriptions of a folder, whatever their order, to a folder for each hostname", async () => {
    const files = { "hosts/1.yaml": "hostname: b.example.org", "hosts/2.yml": "hostname: a.example.org", "hosts/.3.yaml": "x", "hosts/note.txt": "x", "hosts/old/4.yaml": "x", "one.yaml": "hostname: c.example.org" };
    const { status, written } = await mailcowProxy(["generate", "one.yaml", "hosts", "-t", "nginx", "-o", "out"], { files });
    expect(status).toBe(0);
    expect([...written.keys()]).toEqual(["a", "b", "c"].map((name) => `out/${name}.example.org/nginx/mailcow-${name}.example.org.conf`));
    const alone = await mailcowProxy(["generate", "hosts", "-t", "nginx", "-o", "out"], { files: { "hosts/1.yaml": minimal } });
    expect([...alone.written.keys()]).toEqual(["out/mail.example.org/nginx/mailcow-mail.example.org.conf"]);
    expect((await mailcowProxy(["validate", "hosts"], { files })).out).toBe("hosts/1.yaml: b.example.org is valid\nhosts/2.yml: a.example.org is valid\n");
  });

  test("says that a folder has no description", async () => {
    const { status, out, err } = await mailcowProxy(["generate", "hosts"], { files: { "hosts/note.txt": "" } });
    expect({ status, out, err }).toEqual({ status: 3, out: "", err: "mailcow-proxy: hosts is a folder without descriptions: none of its files ends in .yaml or .yml\n" });
  });

  test("shows on a terminal how far it is, and takes that away", async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`hosts/${index}.yaml`, `hostname: mail${index}.example.org`]));
    const { err } = await mailcowProxy(["generate", "hosts", "-t", "nginx", "-o", "out"], { files, terminal: true, outTerminal: false });
    expect(err).toMatch(/^\r\u001b\[KChecking \d+ of 300[^]*\r\u001b\[KWriting \d+ of 300[^]*\r\u001b\[K$/);
    expect((await mailcowProxy(["generate", "hosts", "-t", "nginx", "-o", "out"], { files, terminal: true })).err).not.toContain("Writing");
    expect((await mailcowProxy(["generate", "hosts", "-t", "nginx", "-o", "out"], { files })).err).toBe("");
  });

  test("reads many descriptions twice, and notices when one is another by then", async () => {
    const files = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`hosts/${index}.yaml`, `hostname: mail${index}.example.org`]));
    let reads = 0;
    const changing = new Proxy(files, { get: (target, path) => (reads++ === 150 ? "hostname: another.example.org" : Reflect.get(target, path)) });
    const { status, written, err } = await mailcowProxy(["generate", "hosts", "-t", "nginx", "-o", "out"], { files: changing });
    expect({ status, err, files: written.size }).toEqual({ status: 3, err: "mailcow-proxy: hosts/0.yaml has changed since it was checked\n", files: 0 });
  });

  test("warns and goes on", async () => {
    const { status, out, err } = await mailcowProxy(["generate", "-t", "mailcow-conf"], {
      files: { "mailcow-proxy.yaml": `${minimal}mailcow: { http: { bind: 0.0.0.0 } }\n` },
    });
    expect(status).toBe(0);
    expect(out).toContain("HTTP_BIND=0.0.0.0\n");
    expect(err).toContain("warning: mailcow.http.bind 0.0.0.0 can be reached from outside");
  });
});

describe("validate", () => {
  test("says what is valid", async () => {
    expect(await mailcowProxy(["validate"])).toMatchObject({ status: 0, out: "mailcow-proxy.yaml: mail.example.org is valid\n", err: "" });
  });

  test("lets warnings fail only when asked to", async () => {
    const files = { "mailcow-proxy.yaml": `${minimal}mailcow: { http: { bind: 0.0.0.0 } }\n` };
    expect(await mailcowProxy(["validate"], { files })).toMatchObject({ status: 0 });
    expect(await mailcowProxy(["validate", "--strict"], { files })).toMatchObject({ status: 1, out: "" });
  });

  test.each(["json", "gitlab", "sarif"])("prints one %s document for all descriptions, to standard output alone", async (format) => {
    const files = { "a.yaml": "hostname: mail", "b.yaml": minimal, "c.yaml": "hostname: host" };
    const { status, out, err } = await mailcowProxy(["validate", "--format", format, ...Object.keys(files)], { files, terminal: true });
    expect({ status, err }).toEqual({ status: 1, err: "" });
    expect(JSON.stringify(JSON.parse(out))).toMatch(/mail is a host name without a domain.*host is a host name without a domain/);
    expect(out).not.toContain("\u001b");
  });

  test("prints annotations to standard output", async () => {
    const { status, out, err } = await mailcowProxy(["validate", "--format", "github"], { files: { "mailcow-proxy.yaml": "hostname: mail" } });
    expect({ status, err }).toEqual({ status: 1, err: "" });
    expect(out).toMatch(/^::error file=mailcow-proxy\.yaml,line=1,/);
  });

  test.each(["text", "json", "github", "gitlab", "sarif"])("has the same exit status as %s, whatever it says", async (format) => {
    const warned = { "mailcow-proxy.yaml": `${minimal}mailcow: { http: { bind: 0.0.0.0 } }\n` };
    expect(await mailcowProxy(["validate", "--format", format])).toMatchObject({ status: 0, err: "" });
    expect(await mailcowProxy(["validate", "--format", format], { files: warned })).toMatchObject({ status: 0 });
    expect(await mailcowProxy(["validate", "--format", format, "--strict"], { files: warned })).toMatchObject({ status: 1 });
    const unread = await mailcowProxy(["validate", "--format", format, "nowhere.yaml"]);
    expect(unread).toMatchObject({ status: 3, out: "", err: "mailcow-proxy: cannot read nowhere.yaml: no such file\n" });
  });

  test("looks at the certificate's files only when asked to", async () => {
    expect((await mailcowProxy(["validate"])).opened).toEqual([]);
    const { status, out, err, opened } = await mailcowProxy(["validate", "--files"]);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(opened).toEqual(["/opt/mailcow-dockerized/data/assets/ssl/cert.pem", "/opt/mailcow-dockerized/data/assets/ssl/key.pem"]);
    expect(err).toContain("mailcow-proxy.yaml:1:11: error: /opt/mailcow-dockerized/data/assets/ssl/cert.pem does not exist [certificate-file]");
  });

  test("colours a terminal, and not under NO_COLOR", async () => {
    const files = { "mailcow-proxy.yaml": "hostname: mail" };
    const escape = "\u001b[";
    expect((await mailcowProxy(["validate"], { files, terminal: true })).err).toContain(escape);
    expect((await mailcowProxy(["validate"], { files, terminal: true, env: { NO_COLOR: "1" } })).err).not.toContain(escape);
    expect((await mailcowProxy(["validate"], { files })).err).not.toContain(escape);
  });
});

describe("explain", () => {
  const page = readFileSync(join(root, "docs/diagnostics.md"), "utf8");

  test.each(codes)("%s: what docs/diagnostics.md has", async (code) => {
    const { status, out, err } = await mailcowProxy(["explain", code]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toMatch(new RegExp(`^${code}: (?:error|warning|note)\n\n[^\n]`));
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(page).toContain(`| \`${code}\` | ${out.trim().split("\n").slice(2).join(" ")} |\n`);
  });

  test("a code may be in brackets, as messages show it", async () => {
    expect(await mailcowProxy(["explain", "[yaml-tab]"])).toEqual(await mailcowProxy(["explain", "yaml-tab"]));
  });

  test("without a code, all are listed with their severity", async () => {
    const { status, out } = await mailcowProxy(["explain"]);
    expect(status).toBe(0);
    expect(out).toMatch(/^port-reserved +error$/m);
    expect(out.match(/^[a-z0-9-]+ +(?:error|warning|note)$/gm)?.length).toBe(codes.length);
  });
});

describe("usage", () => {
  test.each([
    [["generat"], "Unknown command generat. Did you mean generate?"],
    [["__proto__"], "Unknown command __proto__."],
    [["generate", "-o", "a", "-o", "b"], "--output is given 2 times; use it once."],
    [["--", "generate"], "A command is missing."],
    [["validate", "--files=maybe"], "--files=maybe must be true or false."],
    [["validate", "--strict=maybe"], "--strict=maybe must be true or false."],
    [["generate", "--no-output"], "Unknown option --no-output."],
    [["validate", "--format", "jsn"], "Unknown format jsn; did you mean json?"],
    [["validate", "--format", "yaml"], "Unknown format yaml; use one of: text, json, github, gitlab, sarif."],
    [["validate", "--format", "json", "--format", "sarif"], "--format is given 2 times; use it once."],
    [["generate", "-o", ""], "--output needs a value."],
    [["generate", "--check"], "--check needs files to compare with: add --output DIR or --installed."],
    [["generate", "--diff"], "--diff needs files to compare with: add --output DIR or --installed."],
    [["generate", "--installed"], "--installed works only with --check or --diff."],
    [["generate", "--installed", "--check", "-o", "out"], "--installed and --output are both places to compare with; use only one of them."],
    [["generate", "--root", "host", "-o", "out"], "--root works only with --installed."],
    [["generate", "--format", "json", "-o", "out"], "--format is only for standard output, but --output does not print the files."],
    [["generate", "--format", "tar", "-o", "out", "--check"], "--format is only for standard output, but --check does not print the files."],
    [["generate", "--format", "zip"], "Unknown format zip; use one of: text, json, tar."],
    [["generate", "--check=maybe"], "--check=maybe must be true or false."],
    [["generate", "--installed=maybe"], "--installed=maybe must be true or false."],
    [["generate", "-t", ","], `--target needs a value; use one of: ${targetIds.join(", ")}.`],
    [["generate", "--target="], `--target needs a value; use one of: ${targetIds.join(", ")}.`],
    [["generate", "--constructor", "mail.yaml"], "Unknown option --constructor."],
    [["--toString"], "Unknown option --toString."],
    [["validate", "--hasOwnProperty=1"], "Unknown option --hasOwnProperty."],
    [["generate", "-t", "abacus"], `Unknown target abacus; use one of: ${targetIds.join(", ")}.`],
    [[], "A command is missing."],
    [["generate", "--foo"], "Unknown option --foo."],
    [["generate", "-t", "ngnix"], "Unknown target ngnix; did you mean nginx?"],
    [["generate", "-t"], `-t needs a value; use one of: ${targetIds.join(", ")}.`],
    [["generate", "--format"], "--format needs a value; use one of: text, json, tar."],
    [["generate", "-o"], "-o needs a value."],
    [["generate", "-o", "-a"], "-o needs a value."],
    [["generate", "--outptu", "out"], "Unknown option --outptu; did you mean --output?"],
    [["generate", "--outptu=out"], "Unknown option --outptu; did you mean --output?"],
    [["validate", "-strct"], "Unknown option -strct; did you mean --strict?"],
    [["merge", "--removeEntrie"], "Unknown option --removeEntrie; did you mean --remove-entries?"],
    [["generate", "-tnginx"], "Unknown option -tnginx; write a space after -t."],
    [["generate", "--outptu", "--", "--format"], "Unknown option --outptu; did you mean --output?"],
    [["--outptu"], "Unknown option --outptu."],
    [["generate", "-x"], "Unknown option -x."],
    [["schema", "more"], "Unexpected argument more."],
    [["merge", "a.yaml", "b.yaml"], "Unexpected argument b.yaml."],
    [["explain", "prt-reserved"], "Unknown code prt-reserved; did you mean port-reserved?"],
    [["explain", "zzzzzzzzzz"], "Unknown code zzzzzzzzzz; to list all codes, run mailcow-proxy explain."],
    [["templates", "nginx/tsl.conf.hbs"], "Unknown template nginx/tsl.conf.hbs; did you mean nginx/tls.conf.hbs?"],
    [["templates", "nowhere"], "Unknown template nowhere; to list all templates, run mailcow-proxy templates."],
    [["templates", "--export", "own", "--values", "mail.yaml"], "--export writes files, but --values only prints; use one of them."],
    [["completion", "fsh"], "Unknown shell fsh; did you mean zsh?"],
    [["completion", "powershell"], "Unknown shell powershell; use one of: bash, zsh, fish."],
    [["generate", "-t", "nginx", "haproxy"], "haproxy is a target, and there is no description of that name. To generate it, write -t nginx,haproxy."],
    [["generate", "apache", "-o", "out"], "apache is a target, and there is no description of that name. To generate it, write -t apache."],
  ])("%j is wrong usage", async (args, sentence) => {
    const { status, out, err } = await mailcowProxy(args);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(err).toContain(sentence);
    expect(err).toContain("See mailcow-proxy --help.\n");
    expect(err).not.toContain("<U+000A>");
  });

  test("a file that is not there is the surroundings' fault", async () => {
    expect(await mailcowProxy(["validate", "nowhere.yaml"])).toMatchObject({ status: 3, out: "", err: "mailcow-proxy: cannot read nowhere.yaml: no such file\n" });
    expect((await mailcowProxy(["validate"], { files: {} })).err).toContain("Give a description file, or create one: mailcow-proxy init\n");
  });

  test.each(["generate", "validate", "init", "merge", "page", "schema", "targets", "templates", "explain", "completion"])("the help of %s has an example", async (command) => {
    const { status, out } = await mailcowProxy([command, "--help"]);
    expect(status).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\\n[^]*mailcow-proxy ${command}`));
  });

  test("a description may be called like a target", async () => {
    expect(await mailcowProxy(["generate", "-t", "nginx", "haproxy"], { files: { haproxy: minimal } })).toMatchObject({ status: 0, err: "" });
  });
});
