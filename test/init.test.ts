/** `init`: what it writes is valid, and says what was said to it. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import schema from "../schemas/description.schema.json" with { type: "json" };
import { type Draft, type Value, newDescription } from "../src/core/description/new-description.ts";
import { checker } from "../src/pipeline/check.ts";
import { merge } from "../src/core/mailcow-conf/merge.ts";
import { readConf } from "../src/core/mailcow-conf/statements.ts";
import { type TakeOverOptions, takeOver } from "../src/core/mailcow-conf/take-over.ts";
import { serverIds } from "../src/core/site/servers.ts";
import { generate, validate } from "../src/index.ts";
import { description } from "./descriptions.ts";
import { mailcowProxy } from "./memory-io.ts";
import { filesBelow, root, snapshots } from "./support.ts";

/** As a person lists them. */
const someProxy = `${serverIds.slice(0, -1).join(", ")} or ${serverIds.at(-1)}`;

const seed = 20_260_401;
const folder = join(root, "test/cases/init");
const names = readdirSync(folder).map((file) => file.replace(/\.conf$/, ""));
const confOf = (name: string) => readFileSync(join(folder, `${name}.conf`), "latin1");

/** The lines of a description that say something. */
const active = (text: string) => text.split("\n").filter((line) => !/^\s*#|^$/.test(line)).join("\n");

function siteOf(source: string) {
  const { site } = checker({ targets: ["mailcow-conf"] })({ source, file: "-" });
  if (site === undefined) throw new Error(`the description is valid: ${source}`);
  return site;
}

/** Mappings without what has nothing in it. */
function withoutNothing(value: object): Draft {
  const entries = Object.entries(value).map(([key, inner]: [string, Value]) => [key, typeof inner === "object" && !Array.isArray(inner) ? withoutNothing(inner) : inner] as const);
  return Object.fromEntries(entries.filter(([, inner]) => typeof inner !== "object" || Array.isArray(inner) || Object.keys(inner).length > 0));
}

describe("a new description", () => {
  const minimal = newDescription({ hostname: "mail.example.org" });

  test("is kept as it was reviewed", async () => {
    await expect(minimal).toMatchFileSnapshot(join(snapshots, "init/new.yaml"));
  });

  test("says nothing but the hostname", () => {
    expect(parse(minimal)).toEqual({ hostname: "mail.example.org" });
    expect(validate(minimal)).toEqual([]);
  });

  test("explains every key with the schema's words", () => {
    const prose = minimal.replaceAll(/^[ #]*# /gm, "").replaceAll("\n", " ");
    const descriptions = (node: object): string[] =>
      Object.values("properties" in node && typeof node.properties === "object" && node.properties !== null ? node.properties : {}).flatMap((child: { description: string }) => [child.description, ...descriptions(child)]);
    expect(descriptions(schema).length).toBeGreaterThan(35);
    for (const text of descriptions(schema)) expect(prose).toContain(text);
  });

  test("has lines of at most 110 columns", () => {
    expect(minimal.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });

  test("says the same when its defaults are set", () => {
    const keys = ["mailcow", "proxy", "tls", "targets"];
    const uncommented = minimal.replaceAll(new RegExp(`^#(${keys.join("|")})\\b(.*\\n)((?:#  .*\\n)*)`, "gm"), (_, key: string, rest: string, block: string) => key + rest + block.replaceAll(/^#/gm, ""));
    expect(active(uncommented).split("\n").length).toBeGreaterThan(20);
    const said = generate(uncommented);
    expect(said.files).toEqual(generate("hostname: mail.example.org").files);
    // A note is for targets that are listed, and not for the same ones by default.
    expect(said.diagnostics.map(({ code }) => code)).toEqual(["reload-missing"]);
  });

  test("takes each example in its place", () => {
    for (const [, line = ""] of minimal.matchAll(/^#([a-z_]+: .*)$/gm)) expect(validate(`hostname: mail.example.org\n${line}\n`).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("says what it is to say, whatever that is", () => {
    fc.assert(
      fc.property(description, (data) => {
        const said = withoutNothing(data);
        const text = newDescription(said);
        expect(parse(text)).toEqual(said);
        expect(generate(text)).toEqual({ ...generate(stringify(data)), diagnostics: expect.anything() });
      }),
      { seed, numRuns: 100 },
    );
  });

  test("says any text as that text", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("off", "no", "null", "1.10", "1e3", "0x1f", "0o7", ".inf", "~", "- a", "a: b", "a #b", "[a", "{", "&a", "*a", "!a", "@a", "`a", "%a", "a,b", "2001:db8::1", "::", "/a b", "y", "=", "1_000", "12:30:45", "2001-01-01", " a", "a ", ""));
    fc.assert(
      fc.property(text, fc.array(text), (hostname, names) => {
        const data = { hostname, additional_server_names: names };
        expect(parse(newDescription(data))).toEqual(data);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe("from a mailcow.conf", () => {
  test.each(names)("%s", async (name) => {
    const conf = confOf(name);
    const { status, out, err, files } = await mailcowProxy(["init", "--from", "mailcow.conf"], { "mailcow.conf": conf });
    const written = files.get("mailcow-proxy.yaml");
    await expect(`${err}${written === undefined ? "nothing was written" : active(written)}\n`).toMatchFileSnapshot(join(snapshots, `init/${name}.txt`));
    expect(err + out).not.toMatch(/the-[a-z-]*(?:password|key|webhook|body|note)/);
    expect(status).toBe(written === undefined ? 1 : 0);
    expect(err.includes(": error: ")).toBe(written === undefined);
    if (written === undefined) return;
    expect(out).toMatch(/^written {4}mailcow-proxy\.yaml\n\n.*mailcow-proxy merge --into mailcow\.conf --diff\n$/);
    expect(validate(written).filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("each case has its snapshot", () => {
    expect(filesBelow(join(snapshots, "init"))).toEqual(["new.yaml", ...names.map((name) => `${name}.txt`)].toSorted());
  });

  test("a hostname that is given stands in for the file's", async () => {
    for (const name of ["no-hostname", "bad-hostname", "fresh"]) {
      const { status, files } = await mailcowProxy(["init", "--from", "mailcow.conf", "--hostname", "mx.example.net"], { "mailcow.conf": confOf(name) });
      expect([status, parse(files.get("mailcow-proxy.yaml") ?? "").hostname]).toEqual([0, "mx.example.net"]);
    }
  });

  test("on standard input there is no folder", async () => {
    const { out, err, status } = await mailcowProxy(["init", "--from", "-", "-o", "-"], { "-": confOf("other-certificate") });
    expect(status).toBe(0);
    expect(active(out)).not.toMatch(/directory|issuer/);
    expect(err).toContain("-:6:19: note: acme-mailcow is switched off [conf-certificate]");
  });

  test("what is merged back is what the file said, or was moved to", () => {
    const key = fc.constantFrom("MAILCOW_HOSTNAME", "HTTP_PORT", "HTTP_BIND", "HTTPS_PORT", "HTTPS_BIND", "HTTP_REDIRECT", "ADDITIONAL_SERVER_NAMES", "ADDITIONAL_SAN", "TRUSTED_PROXIES", "SKIP_LETS_ENCRYPT", "ENABLE_SSL_SNI", "NGINX_USE_PROXY_PROTOCOL", "DBPASS");
    const value = fc.constantFrom("", "80", "443", "8080", "08080", "8443", "8081", "25", "70000", "0", "127.0.0.1", "0.0.0.0", "::", "::1", "[::1]", "[2001:DB8::5]", "192.0.2.1", "127.0.0.1:8080", "y", "n", "N", "yes", "mail.example.org", "Mail.Example.ORG", "mail", "a.example.org,b.example.org", "b.example.org, A.example.org", "mail.*,imap.*", "*.example.org", "imap.*,*.example.org,imap.example.org", "10.0.0.1", "10.0.0.7/32", "10.0.0.0/8", "10.0.0.1/8,10.0.0.2", "0.0.0.0/0", "${X}", '"8080"', "'y'", "# text", "bücher.example");
    const conf = fc
      .tuple(fc.constantFrom("", "MAILCOW_HOSTNAME=mail.example.org\n"), fc.array(fc.tuple(key, value), { maxLength: 12 }))
      .map(([first, pairs]) => Buffer.from(first + pairs.map(([name, text]) => `${name}=${text}\n`).join("")).toString("latin1"));
    let named = 0;
    fc.assert(
      fc.property(conf, (text) => {
        const options: TakeOverOptions = { check: (source) => checker({ most: Infinity })(source), file: "mailcow.conf", folder: "/srv/mailcow", hostname: undefined };
        const { draft, diagnostics } = takeOver(readConf(text), options);
        const lines = text.split("\n");
        for (const { line, column } of diagnostics) expect([line <= lines.length, column <= (lines[line - 1] ?? "").length + 1]).toEqual([true, true]);
        expect(diagnostics.some(({ severity }) => severity === "error")).toBe(!("hostname" in draft));
        if (!("hostname" in draft)) return;
        named++;
        const source = newDescription(draft);
        expect(validate(source).filter(({ severity }) => severity === "error")).toEqual([]);
        const site = siteOf(source);
        const conf = readConf(text);
        const merged = merge(conf, site);
        expect(merged.problems.map(({ code }) => code).filter((code) => !["conf-spelling", "conf-duplicate", "conf-removal", "conf-sni", "conf-names-left-out", "conf-acme-off", "conf-cleared", "conf-acme-dns", "conf-certified"].includes(code))).toEqual([]);
        // A key whose line changes was spoken of: behind the proxy it must be another, or it is written oddly or twice, or not taken over.
        const keyOf = (line: string) => line.split("=")[0];
        const said = new Set(["HTTP_REDIRECT", ...diagnostics.map(({ line }) => keyOf(lines[line - 1] ?? ""))]);
        // A listener that moves does so with its address and its port.
        for (const listener of ["HTTP", "HTTPS"]) if (diagnostics.some(({ code, line }) => code === "conf-moved" && keyOf(lines[line - 1] ?? "")?.startsWith(`${listener}_`) === true)) for (const part of ["BIND", "PORT"]) said.add(`${listener}_${part}`);
        for (const line of lines.filter((one) => !said.has(keyOf(one)))) expect(merged.text.split("\n")).toContain(line);
        // A new line is of such a key, or of one that the file does not have.
        const present = new Set(conf.statements.map((statement) => statement.key));
        expect(merged.text.split("\n").filter((line) => !lines.includes(line) && present.has(keyOf(line) ?? "") && !said.has(keyOf(line)))).toEqual([]);
        // No list comes to be there that was not.
        for (const list of ["ADDITIONAL_SAN", "ADDITIONAL_SERVER_NAMES", "TRUSTED_PROXIES"]) expect([list, new RegExp(`^${list}=`, "m").test(merged.text)]).toEqual([list, new RegExp(`^${list}=`, "m").test(text)]);
        const whole = merge(conf, site, { removeEntries: true });
        const again = takeOver(readConf(whole.text), options);
        expect(siteOf(newDescription(again.draft))).toEqual(site);
        expect(merge(readConf(whole.text), siteOf(newDescription(again.draft))).text).toBe(whole.text);
      }),
      { seed, numRuns: 300 },
    );
    expect(named).toBeGreaterThan(50);
  });
});

describe("the command", () => {
  /** Without questions, for the usual servers, with the target that reloads them. */
  const reloaded = { hostname: "mail.example.org", targets: [...schema.properties.targets.default, "systemd"] };

  test("asks nothing when the hostname is given", async () => {
    const { status, out, err, files } = await mailcowProxy(["init", "--hostname", "mail.example.org"], {}, []);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(files.get("mailcow-proxy.yaml")).toBe(newDescription(reloaded));
    expect(out).toBe("written    mailcow-proxy.yaml\n\nReview it, then run: mailcow-proxy generate -o out\n");
  });

  test("writes to another file, or to standard output", async () => {
    const text = newDescription(reloaded);
    const named = await mailcowProxy(["init", "--hostname", "mail.example.org", "-o", "mail.yaml"], {});
    expect(named).toMatchObject({ status: 0, files: new Map([["mail.yaml", text]]) });
    expect(named.out).toContain("mailcow-proxy generate -o out mail.yaml\n");
    expect(await mailcowProxy(["init", "--hostname", "mail.example.org", "-o", "-"], { "mailcow-proxy.yaml": "x" })).toMatchObject({ status: 0, out: text });
  });

  test("never writes over a file, and asks nobody in vain", async () => {
    const files = { "mailcow-proxy.yaml": "x", "mailcow.conf": confOf("fresh") };
    for (const how of [["--hostname", "mail.example.org"], ["--from", "mailcow.conf"], []]) {
      expect(await mailcowProxy(["init", ...how], files, ["mail.example.org"])).toEqual({
        status: 3,
        out: "",
        err: "mailcow-proxy: cannot write mailcow-proxy.yaml: it already exists; choose another file: -o FILE\n",
        files: new Map(Object.entries(files)),
      });
    }
  });

  test.each([
    [["init"], "Questions need a terminal. Use --hostname NAME or --from mailcow.conf instead."],
    [["init", "--hostname", "mail"], "--hostname: mail is a host name without a domain; write the full name, e.g. mail.example.org."],
    [["init", "--hostname", "a.example.org", "--hostname", "b.example.org"], "--hostname is given 2 times; use it once."],
    [["init", "-o", ""], "--output needs a value."],
  ])("%j is wrong usage", async (args, sentence) => {
    expect(await mailcowProxy(args, {})).toEqual({ status: 2, out: "", err: `mailcow-proxy: ${sentence}\nSee mailcow-proxy --help.\n`, files: new Map() });
  });

  test("a mailcow.conf that is not there is the surroundings' fault", async () => {
    expect(await mailcowProxy(["init", "--from", "mailcow.conf"], {})).toMatchObject({ status: 3, err: "mailcow-proxy: cannot read mailcow.conf: no such file\n", files: new Map() });
  });
});

describe("on a terminal", () => {
  const answered = async (...answers: string[]) => {
    const { status, err, files } = await mailcowProxy(["init"], {}, answers);
    const text = files.get("mailcow-proxy.yaml");
    return { status, err, data: text === undefined ? undefined : parse(text) };
  };

  test("the usual answers", async () => {
    const { status, err, data } = await answered("mail.example.org", "", "", "", "");
    expect({ status, data }).toEqual({ status: 0, data: { hostname: "mail.example.org", mail_domains: ["example.org"], targets: ["nginx", "mailcow-conf", "systemd"], tls: { issuer: "mailcow" } } });
    expect(err).toBe(`\
Name of the mail server: mail.example.org
Mail domains, or * for all [example.org]: 
Proxy server: ${someProxy} [nginx]: 
mailcow's IP address, if the proxy is on another host [the same host]: 
What provides the certificate: mailcow, certbot or files [mailcow]: 
`);
  });

  test("all that can be answered", async () => {
    const { data } = await answered("mail.example.org", "*", "apache, haproxy", "10.0.0.5", "10.0.0.4 10.0.0.3", "files", "/etc/ssl/cert.pem", "");
    expect(data).toEqual({
      hostname: "mail.example.org",
      mailcow: { http: { bind: "10.0.0.5" }, https: { bind: "10.0.0.5" } },
      proxy: { upstream: { address: "10.0.0.5" }, addresses: ["10.0.0.4", "10.0.0.3"] },
      tls: { issuer: "files", certificate: "/etc/ssl/cert.pem", key: "/etc/ssl/mail.example.org/privkey.pem" },
      targets: ["apache", "haproxy", "mailcow-conf", "systemd"],
    });
  });

  test("with certbot, its e-mail address is asked for", async () => {
    const { status, err, data } = await answered("mail.example.org", "", "", "", "certbot", "", "me", "me@example.org");
    expect({ status, data }).toMatchObject({ status: 0, data: { targets: ["nginx", "mailcow-conf", "certbot"], tls: { issuer: "certbot", email: "me@example.org" } } });
    expect(err).toMatch(/^E-mail address for certbot's account: \n {2}.*\nE-mail address for certbot's account: me\n {2}.*\nE-mail address for certbot's account: me@example\.org\n$/m);
    expect(err).not.toContain("[reload-missing]");
  });

  test("with mailcow elsewhere, the target that copies the certificate is added", async () => {
    const { data } = await answered("mail.example.org", "", "", "10.0.0.5", "10.0.0.4", "certbot", "me@example.org");
    expect(data).toMatchObject({ targets: ["nginx", "mailcow-conf", "certbot"], tls: { email: "me@example.org" } });
  });

  test("a wrong answer is explained, and asked for again", async () => {
    const { status, err, data } = await answered("", "mail", "mail.example.org", "b_d.example", "", "ngnix", "", "mail.example.org", "", "letsencrypt", "files", "cert.pem", "/c.pem", "/k.pem");
    expect(status).toBe(0);
    expect(data).toMatchObject({ hostname: "mail.example.org", mail_domains: ["example.org"], targets: ["nginx", "mailcow-conf"], tls: { certificate: "/c.pem", key: "/k.pem" } });
    expect(err.match(/^ {2}.*$/gm)).toEqual([
      "  the host name is empty; write the full name, e.g. mail.example.org",
      "  mail is a host name without a domain; write the full name, e.g. mail.example.org",
      "  b_d.example contains an underscore, which is not allowed in host names; write b-d.example if that is the name",
      `  write ${someProxy}, not ngnix`,
      "  mail.example.org is not an IPv4 or IPv6 address; write the IP address; servers look names up only once, when they start",
      "  issuer takes mailcow, certbot, files or proxy, not letsencrypt; write mailcow if mailcow gets the certificate from there, certbot if certbot does, or files for another ACME client",
      "  cert.pem is not an absolute path of letters, digits and . _ - + @ =; write the full path, starting with /, without . or .. segments and with at most 255 characters between slashes",
    ]);
  });

  test("what is doubtful is said at the end, of the file", async () => {
    const { err } = await answered("mail.example.org", "", "", "10.0.0.5", "10.0.0.4", "mailcow");
    expect(err).toMatch(/\nmailcow-proxy\.yaml:\d+:\d+: note: the described names lead to the proxy's host, .* \[mail-passes-by\]\n/);
  });

  test.each([[[]], [["mail.example.org"]], [["mail.example.org", "", "", ""]]])("nothing is written when it is closed after %j", async (answers) => {
    const { status, err, data } = await answered(...answers);
    expect({ status, data }).toEqual({ status: 1, data: undefined });
    expect(err).toMatch(/\^D\n\nNothing was written\.\n$/);
  });
});
