/** `merge`: every case against what was reviewed, and what holds for every mailcow.conf. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Document, isSeq, parse, stringify } from "yaml";
import { readable } from "../src/core/mailcow-conf/bytes.ts";
import type { Decision } from "../src/core/mailcow-conf/decision.ts";
import { decide } from "../src/core/mailcow-conf/decisions.ts";
import { isMailcows } from "../src/core/mailcow-conf/known-keys.ts";
import { merge } from "../src/core/mailcow-conf/merge.ts";
import { describe as describeProblem } from "../src/core/problems/message.ts";
import { withoutSecrets } from "../src/core/mailcow-conf/secrets.ts";
import { readConf } from "../src/core/mailcow-conf/statements.ts";
import { checker } from "../src/pipeline/check.ts";
import type { Site } from "../src/core/site/site.ts";
import { description } from "./descriptions.ts";
import { mailcowProxy } from "./memory-io.ts";
import { filesBelow, root, snapshots } from "./support.ts";

const seed = 20_260_401;
const folder = join(root, "test/cases/merge");
const names = readdirSync(folder).flatMap((file) => (file.endsWith(".conf") ? [file.replace(/\.conf$/, "")] : []));
const minimal = "hostname: mail.example.org\n";

/** The mailcow.conf of a case, one character a byte, and its description. */
function caseOf(name: string): { conf: string; yaml: string } {
  const yaml = readdirSync(folder).includes(`${name}.yaml`) ? readFileSync(join(folder, `${name}.yaml`), "utf8") : minimal;
  return { conf: readFileSync(join(folder, `${name}.conf`), "latin1"), yaml };
}

function siteOf(yaml: string): Site {
  const { site } = checker({ targets: ["mailcow-conf"] })({ source: yaml, file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  return site;
}

/** What a program makes of the file with a diff, or undefined where it refuses. */
function patchedWith(program: "patch" | "git", conf: string, diff: string): string | undefined {
  const place = mkdtempSync(join(tmpdir(), "mailcow-proxy-merge-"));
  try {
    writeFileSync(join(place, "mailcow.conf"), conf, "latin1");
    if (diff === "") return conf;
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
    const { status, error } = spawnSync(program, program === "git" ? ["apply"] : ["-p1"], { cwd: place, env, input: Buffer.from(diff, "latin1") });
    if (error !== undefined) throw error;
    const now = readFileSync(join(place, "mailcow.conf"), "latin1");
    // Whatever it did, no secret was lost.
    for (const [secret] of conf.matchAll(/the-[a-z-]*(?:password|key|webhook|body|note)/g)) expect(now).toContain(secret);
    return status === 0 ? now : undefined;
  } finally {
    rmSync(place, { recursive: true });
  }
}

describe("cases", () => {
  test.each(names)("%s", async (name) => {
    const { conf, yaml } = caseOf(name);
    const files = { "mailcow-proxy.yaml": yaml, "mailcow.conf": conf };
    const shown = await mailcowProxy(["merge", "--into", "mailcow.conf", "--diff"], files);
    const listed = await mailcowProxy(["merge", "--into", "mailcow.conf", "--check"], files);
    expect(listed.status).toBe(shown.status);
    expect(shown.err).toContain(shown.status === 0 ? "" : listed.out);
    expect(shown.files).toEqual(new Map(Object.entries(files)));
    await expect(Buffer.from(shown.err + shown.out, "latin1").toString()).toMatchFileSnapshot(join(snapshots, `merge/${name}.txt`));
    // Every secret of the cases is spelled so.
    expect(shown.err + shown.out + listed.out).not.toMatch(/the-[a-z-]*(?:password|key|webhook|body|note)/);
  });

  test("each has its snapshot", () => {
    expect(filesBelow(join(snapshots, "merge"))).toEqual(names.map((name) => `${name}.txt`).toSorted());
  });
});

const everything = { removeEntries: true, renameHostname: true };

/** What has to be true of a file, and what it became. */
function expectMerged(before: string, after: string, site: Site): void {
  const [old, now] = [readConf(before), readConf(after)];
  for (const [key, decision] of Object.entries<Decision>(decide(site))) {
    const values = now.statements.filter((statement) => statement.key === key).map(({ value }) => value);
    const was = old.statements.findLast((statement) => statement.key === key);
    switch (decision.kind) {
      case "set":
      case "hostname": {
        // What means the same stays as it is written; a comment means nothing.
        const same = was !== undefined && was.spelling !== "comment" && decision.same(readable(was.value));
        const absent = was === undefined && "absent" in decision && decision.absent === decision.value;
        expect([key, ...new Set(values)]).toEqual([key, ...(absent ? [] : [same ? was.value : decision.value])]);
        break;
      }
      case "list": {
        const entries = (values.at(-1) ?? "").split(/[,\s]+/).filter((entry) => entry !== "");
        const spelled = entries.map((entry) => decision.spelled(readable(entry)) ?? "an entry that no description holds");
        expect(spelled.filter((entry) => !decision.has(entry))).toEqual([]);
        // A name that the web interface has without a certificate goes on without one.
        const served = old.statements.findLast((statement) => statement.key === "ADDITIONAL_SERVER_NAMES");
        const uncertified = key !== "ADDITIONAL_SAN" || served === undefined || served.spelling === "comment" ? [] : readable(served.value).split(/[,\s]+/).map((entry) => decision.spelled(entry));
        expect(decision.entries.filter((entry) => !spelled.includes(entry) && (site.certificateNames.includes(entry) || !uncertified.includes(entry)))).toEqual([]);
        break;
      }
      case "clear":
        expect(decision.isCleared(values.at(-1) ?? "")).toBe(false);
        break;
      case "leave":
        expect(values.at(-1)).toBe(was?.value);
        break;
    }
  }
  const others = ({ statements }: typeof old) => statements.filter(({ key }) => !(key in decide(site))).map(({ key, value }) => [key, value]);
  expect(others(now)).toEqual(others(old));
  for (const { start, end } of old.comments) expect(after).toContain(before.slice(start, end));
  expect(now.faults).toEqual([]);
}

/** The text without the lines that have a key of ours, and without its last line end. */
function rest(text: string, site: Site): string {
  const ours = readConf(text).statements.filter(({ key }) => key in decide(site));
  return text
    .split("\n")
    .filter((line, index, lines) => {
      const start = lines.slice(0, index).join("\n").length + (index === 0 ? 0 : 1);
      return !ours.some((statement) => statement.end >= start && statement.start <= start + line.length && line !== "");
    })
    .join("\n");
}

const isRefused = (name: string) => readConf(caseOf(name).conf).faults.length > 0 || name === "description";

/** A value that only the administrator can mend. */
const isMistaken = (name: string) => name === "mail-ports-announced";

test.each(names.filter(isMistaken))("the case %s stays as it is", async (name) => {
  const { conf, yaml } = caseOf(name);
  const files = { "mailcow-proxy.yaml": yaml, "mailcow.conf": conf };
  for (const how of [[], ["--write"], ["--write", "--remove-entries", "--rename-hostname"]]) {
    const said = await mailcowProxy(["merge", "--into", "mailcow.conf", ...how], files);
    expect(said).toMatchObject({ status: 1, out: "", files: new Map(Object.entries(files)) });
    expect(said.err).toMatch(/: error: .* \[conf-mail-announced\]\n/);
  }
});

test.each(names.filter(isRefused))("the case %s is refused and stays as it is", async (name) => {
  const { conf, yaml } = caseOf(name);
  for (const how of [[], ["--write"], ["--check"], ["--diff"]]) {
    const files = { "mailcow-proxy.yaml": yaml, "mailcow.conf": conf };
    const said = await mailcowProxy(["merge", "--into", "mailcow.conf", ...how], files);
    expect(said).toMatchObject({ status: 1, out: "", files: new Map(Object.entries(files)) });
    expect(said.err).toMatch(/: error: .* \[(?:conf-refused|not-a-mailcow-conf)\]\n/);
  }
});

describe.each(names.filter((name) => !isRefused(name) && !isMistaken(name)))("the case %s", (name) => {
  const { conf, yaml } = caseOf(name);
  const site = siteOf(yaml);
  const { text, problems } = merge(readConf(conf), site);
  const loses = problems.some(({ code }) => code === "conf-removal" || code === "conf-rename");
  const allowed = ["--remove-entries", "--rename-hostname"];

  test("gets the values, and keeps what is not about them", () => {
    expectMerged(conf, text, site);
    expect(rest(text, site).replace(/\n$/, "")).toBe(rest(conf, site).replace(/\n$/, ""));
  });

  test("keeps what its help says to write", () => {
    // Each entry goes to its list in the description, as it stands in the help.
    const data = new Document(parse(yaml));
    for (const { code, arguments: facts } of problems) {
      if (code !== "conf-removal" || facts.entry === undefined || facts.wildcard !== undefined) continue;
      const { help = "" } = describeProblem({ code, arguments: facts, place: { offset: 0 } });
      const [, entry = "", option = ""] = /^to keep it, add (.*) to ([\w.]+) in the description; /.exec(help) ?? [];
      const path = option.split(".");
      const list = data.getIn(path);
      if (!isSeq(list)) data.setIn(path, data.createNode([]));
      data.addIn(path, parse(entry));
    }
    const left = merge(readConf(conf), siteOf(data.toString())).problems.flatMap(({ code, arguments: facts }) => (code === "conf-removal" && facts.entry !== undefined && facts.wildcard === undefined ? [facts.entry] : []));
    expect(left).toEqual([]);
  });

  test("is done after one run", () => {
    expect(merge(readConf(text), site)).toMatchObject({ text, changes: [] });
  });

  test("has the same result when it may remove and rename", () => {
    expect(merge(readConf(conf), site, everything).text).toBe(text);
  });

  test.each(["patch", "git"] as const)("its diff makes the same of it with %s, or is refused", async (program) => {
    const { out } = await mailcowProxy(["merge", "--into", "mailcow.conf", "--diff"], { "mailcow-proxy.yaml": yaml, "mailcow.conf": conf });
    const patched = patchedWith(program, conf, out);
    expect(patched).toBe(out.includes("(hidden)") ? undefined : text);
  });

  test("is printed and written alike", async () => {
    const files = { "mailcow-proxy.yaml": yaml, "mailcow.conf": conf, "-": conf };
    if (loses) {
      // Nothing is lost without a word, and the word is said however it is asked.
      for (const how of [[], ["--write"], ["--check"], ["--diff"]]) {
        const said = await mailcowProxy(["merge", "--into", "mailcow.conf", ...how], files);
        expect({ ...said, out: how.length === 0 || how[0] === "--write" ? said.out : "" }).toMatchObject({ status: 1, out: "", files: new Map(Object.entries(files)) });
        expect(said.err).toMatch(/: error: .* \[conf-(?:removal|rename)\]$/m);
      }
    }
    const printed = await mailcowProxy(["merge", "--into", "mailcow.conf", ...allowed], files);
    const filtered = await mailcowProxy(["merge", "--into", "-", ...allowed], files);
    const written = await mailcowProxy(["merge", "--into", "mailcow.conf", "--write", ...allowed], files);
    expect(printed).toMatchObject({ status: 0, out: text });
    expect(filtered).toMatchObject({ status: 0, out: text });
    expect(written.files.get("mailcow.conf")).toBe(text);
    expect(written.files.get("mailcow.conf.bak")).toBe(text === conf ? undefined : conf);
  });
});

describe("without --into", () => {
  const conf = "MAILCOW_HOSTNAME=mail.example.org\n";
  const files = { "mailcow-proxy.yaml": "hostname: mail.example.org\nmailcow: { directory: /srv/mailcow }\n", "/srv/mailcow/mailcow.conf": conf };
  const using = "Using /srv/mailcow/mailcow.conf, from mailcow.directory.\n";

  test.each([[], ["--check"], ["--diff"]])("the file of mailcow.directory is read: %j", async (...how) => {
    const given = await mailcowProxy(["merge", "--into", "/srv/mailcow/mailcow.conf", ...how], files);
    expect(given.out).toContain("HTTP_PORT");
    expect(await mailcowProxy(["merge", ...how], files)).toEqual({ ...given, err: `${using}${given.err}` });
  });

  test("the file of mailcow.directory is written", async () => {
    const said = await mailcowProxy(["merge", "--write"], files);
    expect(said).toMatchObject({ status: 0, err: using });
    expect(said.out).toContain("written    /srv/mailcow/mailcow.conf\n");
    expect(said.files.get("/srv/mailcow/mailcow.conf")).toContain("HTTP_PORT=8080");
  });

  test("a file that is not there is asked for", async () => {
    expect(await mailcowProxy(["merge"], { "mailcow-proxy.yaml": "hostname: mail.example.org\n" })).toMatchObject({
      status: 3,
      out: "",
      err: "mailcow-proxy: cannot read /opt/mailcow-dockerized/mailcow.conf: no such file\nGive the mailcow.conf with --into FILE, or write mailcow.directory in the description.\n",
    });
  });
});

describe("line ends", () => {
  const conf = readFileSync(join(folder, "absent.conf"), "latin1");
  const site = siteOf(caseOf("absent").yaml);
  const merged = merge(readConf(conf), site).text;

  test("are the file's own in new lines too", () => {
    expect(merge(readConf(conf.replaceAll("\n", "\r\n")), site).text).toBe(merged.replaceAll("\n", "\r\n"));
  });

  test("are missing at the end when they were", () => {
    expect(merge(readConf(conf.replace(/\n$/, "")), site).text).toBe(merged.replace(/\n$/, ""));
    expect(merge(readConf(conf.replaceAll("\n", "\r\n").replace(/\r\n$/, "")), site).text).toBe(merged.replaceAll("\n", "\r\n").replace(/\r\n$/, ""));
  });

  test("may be mixed", () => {
    const mixed = "A=1\r\nHTTP_PORT=80\r\nB=2\nHTTPS_BIND=\n\r\nC=3";
    const lines = "A=1\r\nHTTP_PORT=8080\r\nHTTP_BIND=127.0.0.1\r\nHTTPS_PORT=8443\r\nB=2\nHTTPS_BIND=127.0.0.1\nHTTP_REDIRECT=n\n\r\nC=3";
    expect(merge(readConf(mixed), siteOf(minimal)).text.replace("MAILCOW_HOSTNAME=mail.example.org\r\n", "")).toBe(lines);
  });

  test("a byte order mark stays first", () => {
    const text = merge(readConf("\xef\xbb\xbfMAILCOW_HOSTNAME=x\n"), siteOf(minimal)).text;
    expect(text.split("\n")[0]).toBe("\xef\xbb\xbfMAILCOW_HOSTNAME=mail.example.org");
    expect(merge(readConf("\xef\xbb\xbf"), siteOf(minimal)).text).toMatch(/^\xef\xbb\xbfMAILCOW_HOSTNAME=mail\.example\.org\nHTTP_PORT=8080\n/);
  });
});

describe("any mailcow.conf", () => {
  const key = fc.constantFrom("MAILCOW_HOSTNAME", "HTTP_PORT", "HTTP_BIND", "HTTPS_BIND", "HTTP_REDIRECT", "ADDITIONAL_SAN", "ADDITIONAL_SERVER_NAMES", "TRUSTED_PROXIES", "SKIP_LETS_ENCRYPT", "NGINX_USE_PROXY_PROTOCOL", "DBPASS", "TZ", "OTHER");
  const value = fc.oneof(fc.constantFrom("", "80", "y", "n", "a.example,b.example", '"80"', "'x y'", '"two\nlines"', "x # text", " # text", '"a" # text', '"a"\t# text', '"a"OTHER=1', "\\", '"\\""', "a b", "$X", "é"), fc.stringMatching(/^[a-z.,*]{0,12}$/));
  const assignment = fc
    .tuple(fc.constantFrom("", "", "", "# ", "#", "export ", "  ", "\t"), key, fc.constantFrom("=", "=", "=", " = ", "= ", ": ", " =\t"), value)
    .map((parts) => parts.join(""));
  const line = fc.oneof(
    { weight: 40, arbitrary: assignment },
    { weight: 10, arbitrary: fc.constantFrom("", " ", "# text", "#", "KEY", "\xff\xfe") },
    { weight: 1, arbitrary: fc.constantFrom("not a statement", 'unclosed="', "a-b=c") },
  );
  const conf = fc
    .tuple(fc.array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n")), { maxLength: 14 }), fc.boolean())
    .map(([lines, ended]) => (ended ? lines.flat() : lines.flat().slice(0, -1)).join(""))
    .map((text) => Buffer.from(text).toString("latin1"));
  const site = description.map((data) => siteOf(stringify(data)));

  test("gets the values and keeps the rest, in one run", () => {
    fc.assert(
      fc.property(conf, site, (before, site) => {
        const conf = readConf(before);
        const { text, problems } = merge(conf, site, everything);
        if (conf.faults.length > 0) {
          expect(text).toBe(before);
          expect(problems.map(({ code }) => code)).toEqual(conf.statements.some(({ key }) => isMailcows(key)) ? conf.faults.map(() => "conf-refused") : ["not-a-mailcow-conf"]);
          return;
        }
        expectMerged(before, text, site);
        expect(merge(readConf(text), site)).toMatchObject({ text, changes: [] });
        // Without a permission it says what would go, and nothing goes without that.
        const codes = merge(conf, site).problems.map(({ code }) => code).filter((code) => code === "conf-removal" || code === "conf-rename");
        const values = (of: ReturnType<typeof readConf>, key: string) => of.statements.findLast((statement) => statement.key === key && statement.spelling !== "comment")?.value ?? "";
        const now = readConf(text);
        const lists = (of: ReturnType<typeof readConf>, key: string) => of.statements.filter((statement) => statement.key === key && statement.spelling !== "comment").flatMap(({ value }) => value.split(/[,\s]+/).filter((entry) => entry !== ""));
        const gone = ["ADDITIONAL_SERVER_NAMES", "ADDITIONAL_SAN", "TRUSTED_PROXIES"].flatMap((key) => lists(conf, key).filter((entry) => !lists(now, key).includes(entry)));
        const renamed = !["", values(now, "MAILCOW_HOSTNAME")].includes(values(conf, "MAILCOW_HOSTNAME"));
        expect(codes.length).toBe(gone.length + (renamed ? 1 : 0));
        expect(text.endsWith("\n")).toBe(before === "" || before.endsWith("\n"));
      }),
      { seed, numRuns: 300 },
    );
  });

  test("is shown with as many lines, and without what is not known to be open", () => {
    const secret = fc.tuple(fc.constantFrom("DBPASS=", "#API_KEY=", "export REDISPASS = ", "dbroot=", "MY_TOKEN: ", "# my password: ", 'DBPASS="', "DOVECOT_MASTER_PASS='a\n"), fc.constantFrom("hunter2", "x hunter2", '"hunter2"', "hunter2 # hunter2", "hunter2='hunter2'"));
    fc.assert(
      fc.property(conf, secret, conf, (above, [sign, value], below) => {
        const text = `${above}\n${sign}${value}\n${below}`;
        const shown = withoutSecrets(readConf(text));
        expect(shown.split("\n").length).toBe(text.split("\n").length);
        expect(shown).not.toContain("hunter2");
      }),
      { seed, numRuns: 300 },
    );
  });
});
