/** The reports for other programs: what they print is what its readers take, and all of it. */
import official from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import schema from "../schemas/diagnostics.schema.json" with { type: "json" };
import { type Checked, checker } from "../src/pipeline/check.ts";
import { githubReport } from "../src/reports/github.ts";
import { gitlabReport } from "../src/reports/gitlab.ts";
import { jsonReport } from "../src/reports/json.ts";
import { sarifReport } from "../src/reports/sarif.ts";
import { type Case, cases } from "./support.ts";

const all = [...cases("err"), ...cases("ok")];
const checked = ({ bytes, file }: Pick<Case, "bytes" | "file">) => checker()({ source: bytes, file });
/** A report, and what becomes of it when a part of its text is another. */
function spoilt(report: string, from: string, to: string): unknown[] {
  expect(report).toContain(from);
  return [JSON.parse(report), JSON.parse(report.replace(from, to))];
}

const checkText = (text: string, file = "mail.yaml") => checker()({ source: text, file });

describe("json", () => {
  const valid = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);

  test.each(all)("of $file is as its schema says", (one) => {
    const report: unknown = JSON.parse(jsonReport([checked(one)]));
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
  });

  test("has every description and every field", () => {
    const mistaken = "hostname: mail.example.org\nmailcow:\n  http: { port: 8081 }\n";
    const report: unknown = JSON.parse(jsonReport([checkText(mistaken, "a.yaml"), checkText("hostname: MAIL.example.net\n", "b.yaml"), checkText("\t[", "c.yaml")]));
    expect(report).toEqual({
      descriptions: [
        { file: "a.yaml", valid: false, hostname: null },
        { file: "b.yaml", valid: true, hostname: "mail.example.net" },
        { file: "c.yaml", valid: false, hostname: null },
      ],
      diagnostics: [
        {
          code: "port-reserved",
          severity: "error",
          file: "a.yaml",
          line: 3,
          column: 17,
          length: 4,
          source: "  http: { port: 8081 }",
          pointer: "/mailcow/http/port",
          message: "mailcow's nginx already uses port 8081 inside its container: Rspamd fetches its maps there",
          help: "use another port, e.g. 8080",
          edits: [{ op: "set", pointer: "/mailcow/http/port", value: 8080 }],
        },
        expect.objectContaining({ file: "c.yaml", pointer: null }),
      ],
      summary: { errors: 2, warnings: 0, notes: 0 },
    });
  });

  test.each([
    ['"summary"', '"total"'],
    ['"help"', '"hint"'],
    ['"column": 11', '"column": 0'],
    ['"severity": "error"', '"severity": "fatal"'],
    ['"pointer": "/hostname"', '"pointer": "hostname"'],
    ['"length": 4', '"length": 4, "more": true'],
    ['"hostname": null', '"hostname": 1'],
  ])("the schema refuses a report with %s made %s", (from, to) => {
    expect(spoilt(jsonReport([checkText("hostname: mail")]), from, to).map((report) => valid(report))).toEqual([true, false]);
  });
});

/** The runner's reading of a line (ActionCommand.TryParseV2), or undefined where it sees no command. */
function readCommand(line: string) {
  const [, info, data] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  if (info === undefined || data === undefined) return undefined;
  const [, name = info, properties = ""] = /^(\S*) (.*)$/s.exec(info) ?? [];
  const unescape = (text: string, tokens: readonly string[]) =>
    tokens.reduce((rest, token) => rest.replaceAll(`%${token.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`, token), text);
  const pairs = properties.split(",").filter((pair) => pair !== "").map((pair) => [pair.split("=")[0], unescape(pair.slice(pair.indexOf("=") + 1), ["\r", "\n", ":", ",", "%"])]);
  return { name, properties: Object.fromEntries(pairs), data: unescape(data, ["\r", "\n", "%"]) };
}

describe("github", () => {
  test("annotates lines with each severity", () => {
    const warned = checkText("hostname: mail.example.org\nmailcow: { http: { bind: 0.0.0.0 } }\n", "hosts/a.yaml");
    expect(githubReport([checkText("hostname: mail", "./hosts//b.yaml"), warned])).toBe(
      [
        "::error file=hosts/b.yaml,line=1,col=11,endColumn=15,title=host-name::mail is a host name without a domain%0Ahelp: write the full name, e.g. mail.example.org",
        "::warning file=hosts/a.yaml,line=2,col=26,endColumn=33,title=bind-public::mailcow.http.bind 0.0.0.0 can be reached from outside, so clients can bypass the proxy%0Ahelp: write bind: 127.0.0.1, or block the port for everyone but the proxy",
        "",
      ].join("\n"),
    );
    const note = all.map(checked).map((one) => githubReport([one])).find((text) => text.includes("title=verify-names::"));
    expect(note).toMatch(/^::notice .*title=verify-names::/m);
  });

  test("of standard input is of the run", () => {
    expect(githubReport([checkText("hostname: mail", "-")])).toMatch(/^::error title=host-name::/);
  });

  test("says nothing when there is nothing to say", () => {
    expect(githubReport([checkText("hostname: mail.example.org")])).toBe("");
  });

  test("is read back as it was, whatever the names", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.stringMatching(/^[%:,;=\r\n0-9AD/a.]{1,30}$/), (word, file) => {
        const result = checkText(JSON.stringify({ hostname: "mail.example.org", [`::error::%0A${word}`]: 1 }), file);
        const [line = "", ...rest] = githubReport([result]).split("\n");
        expect(rest).toEqual([""]);
        const command = readCommand(line);
        expect(command?.name).toBe("error");
        expect(command?.properties["title"]).toBe("unknown-key");
        expect(command?.data).toMatch(/^unknown key ::error::%0A.*\nhelp: use one of: hostname/s);
        if (!/^(?:-|[./]*)$/.test(file)) {
          const kept = file.split("/").filter((segment) => segment !== "" && segment !== ".").join("/");
          expect(command?.properties["file"]).toBe(file.startsWith("/") ? `/${kept}` : kept);
        }
      }),
      { seed: 1 },
    );
  });

  test("names what could steer a terminal", () => {
    expect(githubReport([checkText('hostname: "\\e[31mmail"')])).toContain("<U+001B>[31m");
  });
});

describe("gitlab", () => {
  /** The fields that GitLab documents, all of which it asks for (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
  const valid = new Ajv({ strict: true, strictRequired: false }).compile({
    type: "array",
    items: {
      type: "object",
      required: ["description", "check_name", "fingerprint", "severity", "location"],
      additionalProperties: false,
      properties: {
        description: { type: "string", minLength: 1 },
        check_name: { type: "string", minLength: 1 },
        fingerprint: { type: "string", minLength: 1 },
        severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
        location: {
          type: "object",
          required: ["path", "lines"],
          additionalProperties: false,
          // A report whose paths begin with ./ is not shown.
          properties: { path: { type: "string", pattern: "^(?!\\./)" }, lines: { type: "object", required: ["begin"], additionalProperties: false, properties: { begin: { type: "integer", minimum: 1 } } } },
        },
      },
    },
  });
  const read = (results: readonly Checked[]): { check_name: string; fingerprint: string }[] => JSON.parse(gitlabReport(results));

  test.each(all)("of $file is as GitLab documents it, with every diagnostic", (one) => {
    const result = checked(one);
    const report = read([result]);
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    expect(report.map((violation) => violation.check_name)).toEqual(result.diagnostics.map(({ code }) => code));
  });

  test("has no fingerprint twice, in several descriptions with the same mistakes either", () => {
    const wrong = "hostname: mail\nmail_domains: [b_.example, b_.example]\n";
    const report = read([checkText(wrong, "a.yaml"), checkText(wrong, "./hosts//b.yaml")]);
    expect(report.map(({ fingerprint }) => fingerprint)).toEqual([
      "host-name a.yaml /hostname mail",
      "host-name a.yaml /mail_domains/* b_.example",
      "host-name a.yaml /mail_domains/* b_.example 2",
      "host-name hosts/b.yaml /hostname mail",
      "host-name hosts/b.yaml /mail_domains/* b_.example",
      "host-name hosts/b.yaml /mail_domains/* b_.example 2",
    ]);
  });

  test("says where, how bad it is, and what to write", () => {
    expect(read([checkText("hostname: mail.example.org\nmailcow: { http: { bind: 0.0.0.0 } }\n", "./hosts//a.yaml")])).toEqual([
      {
        description: "mailcow.http.bind 0.0.0.0 can be reached from outside, so clients can bypass the proxy; write bind: 127.0.0.1, or block the port for everyone but the proxy",
        check_name: "bind-public",
        fingerprint: "bind-public hosts/a.yaml /mailcow/http/bind 0.0.0.0",
        severity: "minor",
        location: { path: "hosts/a.yaml", lines: { begin: 2 } },
      },
    ]);
  });

  test("is an empty list when there is nothing to say", () => {
    expect(gitlabReport([checkText("hostname: mail.example.org")])).toBe("[]\n");
  });
});

/** What is looked at of a SARIF log. */
interface Log {
  runs: [{
    tool: { driver: { rules: { id: string; shortDescription: { text: string }; help: { markdown: string }; defaultConfiguration: { level: string } }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: [{ physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: object; contextRegion: { snippet: { text: string } } } }];
      partialFingerprints: { "place/v1": string };
    }[];
  }];
}

describe("sarif", () => {
  // Its keywords mean the same in the draft that Ajv knows, but for the name of the schema's own address.
  const { $schema: _draft, id: _address, ...rest } = official;
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  const valid = ajv.compile(rest);
  const log = (result: Checked): Log => JSON.parse(sarifReport([result]));
  /** The only run's results, and its rules. */
  const runOf = (result: Checked): Log["runs"][0] => log(result).runs[0];
  const fingerprints = (result: Checked) => runOf(result).results.map(({ partialFingerprints }) => partialFingerprints["place/v1"]);

  test.each(all)("of $file is as the standard's schema says, with every diagnostic", (one) => {
    const result = checked(one);
    const report = log(result);
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
    const { tool, results } = runOf(result);
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual(result.diagnostics.map(({ code, severity }) => [code, severity]));
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    const identities = results.map(({ ruleId, partialFingerprints }) => `${ruleId} ${partialFingerprints["place/v1"]}`);
    expect(new Set(identities).size).toBe(identities.length);
  });

  test.each([
    ['"version": "2.1.0"', '"version": "2.0.0"'],
    ['"tool"', '"tools"'],
    ['"level": "error"\n', '"level": "notice"\n'],
    ['"uri": "mail.yaml"', '"uri": "a b%"'],
    ['"ruleIndex": 0', '"extra": 1'],
  ])("the schema refuses a log with %s made %s", (from, to) => {
    expect(spoilt(sarifReport([checkText("hostname: mail")]), from, to).map((report) => valid(report))).toEqual([true, false]);
  });

  test("marks what the text report marks, in code points", () => {
    const [, second] = runOf(checkText("hostname: mail.example.org\nmail_domains: [😀.example, b_.example]\n")).results;
    expect(second?.locations[0].physicalLocation.region).toEqual({ startLine: 2, startColumn: 27, endColumn: 37, snippet: { text: "b_.example" } });
    expect(second?.locations[0].physicalLocation.contextRegion.snippet.text).toBe("mail_domains: [😀.example, b_.example]");
    expect(second?.message.text).toBe("b_.example contains an underscore, which is not allowed in host names\nhelp: write the full name, e.g. example.org");
  });

  test.each([
    ["mail.yaml", "mail.yaml"],
    ["./hosts//mail.yaml", "hosts/mail.yaml"],
    ["../other/mail.yaml", "../other/mail.yaml"],
    ["a b/100%/#1?.yaml", "a%20b/100%25/%231%3F.yaml"],
    ["c:mail.yaml", "c%3Amail.yaml"],
    ["bücher.yaml", "b%C3%BCcher.yaml"],
    ["/etc/mail host.yaml", "file:///etc/mail%20host.yaml"],
    ["-", "-"],
  ])("the file %s is %s", (file, uri) => {
    const location = runOf(checkText("hostname: mail", file)).results[0]?.locations[0].physicalLocation.artifactLocation;
    expect(location?.uri).toBe(uri);
    expect(location?.uriBaseId).toBe(/^(?:-$|\/)/.test(file) ? undefined : "%SRCROOT%");
  });

  test("keeps a fingerprint when lines and entries come before it, and tells like results apart", () => {
    const before = fingerprints(checkText("hostname: mail.example.org\nmail_domains: [b_.example]\n"));
    expect(fingerprints(checkText("# Ours\nhostname: mail.example.org\nmail_domains:\n  - a.example\n  - b_.example\n"))).toEqual(before);
    const twice = fingerprints(checkText("hostname: mail.example.org\nmail_domains: [b_.example, b_.example]\n"));
    expect(twice).toEqual(["/mail_domains/* b_.example", "/mail_domains/* b_.example 2"]);
  });

  test("explains its rules with the documentation", () => {
    const [rule] = runOf(checkText("hostname: mail.example.org\nmailcow: { http: { port: 8081 } }\n")).tool.driver.rules;
    expect(rule).toMatchObject({
      id: "port-reserved",
      shortDescription: { text: "8081, 9081, 9082 and 65510 are used inside mailcow's nginx container, where HTTP_PORT and HTTPS_PORT are ports, too." },
      help: { markdown: expect.stringContaining("`HTTP_PORT`") },
      defaultConfiguration: { level: "error" },
    });
  });

  test("escapes what its readers would replace", () => {
    const [result] = runOf(checkText('hostname: mail.example.org\n"{0}[x](https://a.example)": 1\n')).results;
    expect(result?.message.text).toContain("unknown key {{0}}[x\\](https://a.example)");
  });

  test("keeps a description of one long line out of every result", () => {
    const text = sarifReport([checkText(`{ hostname: mail.example.org, mail_domains: [${"b_.example, ".repeat(5000)}] }`)]);
    expect(text.length).toBeLessThan(300_000);
  });
});
