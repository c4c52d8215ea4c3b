/** Nothing that is printed steers a terminal or a log, whatever stands in a description, a file's name or a command line. */
import { describe, expect, test } from "vitest";
import { generate } from "../src/index.ts";
import { formats } from "../src/reports/index.ts";
import { attempt, escaped, hostile } from "./injection.ts";
import { mailcowProxy } from "./memory-io.ts";

/** What steers a terminal, turns the direction of text or ends a line, but for the line feed. */
const steering = /[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Co}|\p{Cs}/u;

describe.each(formats)("as %s", (format) => {
  const told = async (args: readonly string[], files: Record<string, string>) => {
    const { status, out, err } = await mailcowProxy(args, files);
    return { status, text: Buffer.from(out + err, "latin1").toString() };
  };

  test.each(["/hostname", "/mailcow/http/bind", "/mailcow/http/port", "/mailcow/directory", "/tls/issuer"])("a report on %s says nothing that steers", async (key) => {
    for (const text of hostile) {
      const { text: said } = await told(["validate", "--format", format, "a.yaml"], { "a.yaml": attempt(key, text).yaml });
      expect(said, text).not.toMatch(steering);
    }
  });

  test("a report on a key or on text as it stands in the file says nothing that steers", async () => {
    for (const text of hostile) {
      for (const source of [escaped({ hostname: "mail.example.org", [text]: 1 }), `hostname: mail${text}\n`, `hostname: "mail${text}"\n`]) {
        const { text: said } = await told(["validate", "--format", format, "a.yaml"], { "a.yaml": Buffer.from(source).toString("latin1") });
        expect(said, text).not.toMatch(steering);
      }
    }
  });

  test("a file's name neither steers nor begins a line", async () => {
    for (const text of [...hostile, "\n::error::x", "\r::error::x"]) {
      // Names of files come as UTF-8, which has no half of a pair.
      const file = `x${Buffer.from(text).toString()}`;
      for (const source of ["hostname: mail", "hostname: mail.example.org", undefined]) {
        const { text: said } = await told(["validate", "--format", format, file], source === undefined ? {} : { [file]: source });
        expect(said, text).not.toMatch(steering);
        expect(said, text).not.toMatch(/^::error::x/m);
      }
    }
  });
});

test("what a wrong command line repeats does not steer", async () => {
  for (const text of hostile) {
    for (const args of [[`x${text}`], ["generate", "-t", `x${text}`], ["generate", `--x${text}`], ["init", "--hostname", `x${text}`, "-o", `x${text}`]]) {
      expect(Buffer.from((await mailcowProxy(args, {})).err, "latin1").toString(), text).not.toMatch(steering);
    }
  }
});

test.each(["MAILCOW_HOSTNAME", "ADDITIONAL_SERVER_NAMES", "HTTP_BIND", "HTTP_PORT", "TRUSTED_PROXIES"])("init takes %s over as a value, or leaves it out", async (key) => {
  const old = { MAILCOW_HOSTNAME: "mail.example.org", ADDITIONAL_SERVER_NAMES: "a.example", HTTP_BIND: "127.0.0.1", HTTP_PORT: "8080", TRUSTED_PROXIES: "203.0.113.7" };
  for (const text of hostile) {
    const conf = Object.entries(old).map(([name, value]) => `${name}=${value}${name === key ? text : ""}\n`).join("");
    const { status, out, err } = await mailcowProxy(["init", "--from", "mailcow.conf", "-o", "-"], { "mailcow.conf": Buffer.from(conf).toString("latin1") });
    expect(Buffer.from(err, "latin1").toString(), text).not.toMatch(steering);
    if (status !== 0) continue;
    expect(Buffer.from(out, "latin1").toString(), text).not.toMatch(steering);
    expect(generate(Buffer.from(out, "latin1")).files.length, text).toBeGreaterThan(0);
  }
});
