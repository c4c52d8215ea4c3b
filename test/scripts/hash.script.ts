/** `hash` on a terminal of its own: what is typed is not shown. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../support.ts";

interface Typed {
  /** Everything that was on the terminal. */
  readonly shown: string;
  readonly status: number | null;
}

/** Types an answer after each question. */
async function type(answers: readonly string[]): Promise<Typed> {
  const child = spawn("script", ["-qec", `'${process.execPath}' '${join(root, "dist/bin.cjs")}' hash rspamd`, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let shown = "";
  let asked = 0;
  const left = [...answers];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    const questions = shown.split(/(?:Password|The same again): /).length - 1;
    for (; asked < questions; asked++) child.stdin.write(left.shift() ?? "");
  });
  const status = await new Promise<number | null>((done) => child.once("close", done));
  return { shown, status };
}

test("the hash is shown, and the password is not", async () => {
  const { shown, status } = await type(["secret-zq\r", "secret-zq\r"]);
  expect(shown).toMatch(/^Password: \r\nThe same again: \r\n\$1\$[a-z0-9]{32}\$[a-z0-9]{52}\r\n$/);
  expect(status).toBe(0);
});

test("a line can be corrected while it is typed", async () => {
  const { shown, status } = await type(["secret-zx\u007fq\r", "secret-zq\r"]);
  expect(shown).not.toContain("secret");
  expect(status).toBe(0);
});

test("Ctrl-C cancels, and leaves the terminal as it was", async () => {
  const { shown, status } = await type(["secret-zq\u0003"]);
  expect(shown).toBe("Password: \r\nNothing was hashed.\r\n");
  expect(status).toBe(1);
});
