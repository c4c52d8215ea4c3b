/** The part of a text that a diagnostic marks, with the secrets that it does not show. */
import { describe, expect, test } from "vitest";
import { marksIn } from "../src/core/problems/marks.ts";
import { validate } from "../src/index.ts";
import { cases } from "./support.ts";

/** What each diagnostic marks, and the text there. */
function marked(text: string) {
  const markOf = marksIn(text);
  return validate(text).map((diagnostic) => {
    const { source = "", column, length } = diagnostic;
    const { start, end } = markOf(diagnostic);
    return { shown: Array.from(source).slice(column - 1, column - 1 + length).join(""), own: text.slice(start, end), at: text.slice(0, start).split("\n").length, line: diagnostic.line };
  });
}

describe("beside a secret", () => {
  test.each<[string, string, readonly string[]]>([
    ["behind a longer one", "{ hostname: mail, password: a-very-long-password-of-mine, mail_domains: 1 }\n", ["mail", "password", "1"]],
    ["behind a shorter one", "{ hostname: mail, password: abc, mail_domains: 1 }\n", ["mail", "password", "1"]],
    ["behind two", "{ hostname: mail, password: abc, token: the-other-one-is-long, mail_domains: 1 }\n", ["mail", "password", "token", "1"]],
    ["beside other characters", "{ hostname: mail, password: 😀😀😀😀😀😀😀😀😀😀😀, mail_domains: 1 }\n", ["mail", "password", "1"]],
    ["in a later line", "# 😀\nhostname: mail.example.org\nrelayhost: { host: relay.example.net, password: abcdefghijklmnop, usernam: x }\n", ["password", "usernam"]],
  ])("%s, the marks are those of the text", (_what, text, expected) => {
    const found = marked(text).map(({ own }) => own);
    for (const part of expected) expect(found).toContain(part);
  });

  test("a secret is marked as a whole", () => {
    const text = "hostname: mail.example.org\nmail_domains: [password: abc def ghi jkl]\n";
    const { own, shown } = marked(text).find((one) => one.shown.includes("(hidden)")) ?? {};
    expect(shown).toContain("(hidden)");
    expect(own).toContain("abc def ghi jkl");
  });
});

test.each(cases("err").filter(({ bytes }) => isText(bytes)))("$name: each mark is where the line that is shown has it", ({ bytes }) => {
  const found = marked(Buffer.from(bytes).toString());
  expect(found.length).toBeGreaterThan(0);
  for (const { shown, own, at, line } of found) {
    expect(at).toBe(line);
    if (shown !== "" && !shown.includes("(hidden)")) expect(own).toBe(shown);
  }
});

function isText(bytes: Uint8Array): boolean {
  return Buffer.from(Buffer.from(bytes).toString()).equals(Buffer.from(bytes)) && !Buffer.from(bytes).toString().startsWith("\ufeff");
}
