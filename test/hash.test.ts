/** `hash rspamd`: hashes as Rspamd makes them; test/systems has Rspamd itself check them. */
import { describe, expect, test } from "vitest";
import { rspamdHash, saltLength } from "../src/core/rspamd-hash.ts";
import { validate } from "../src/index.ts";
import { mailcowProxy } from "./memory-io.ts";

const salt = Uint8Array.from({ length: saltLength }, (_, index) => index * 11);
const randomBytes = () => salt;

/** Runs it with what comes on standard input, or is typed. */
const run = (args: readonly string[], input: string, typed?: readonly string[]) => mailcowProxy(["hash", ...args], { "-": input }, typed, { randomBytes });

/** Made by `rspamadm pw -t pbkdf2 -p secret`, version 3.4. */
const known = "$1$7trydiaux514rbz44kehjyuhq566nekq$9nsqsz5esdgexqsi1d1695r7syuwsuhta94k3zp559qzsa8xjwmy";
const alphabet = "ybndrfg8ejkmcpqxot1uwisza345h769";

/** The bytes of Rspamd's base32, five bits a letter, the lowest first. */
function bytesOf(letters: string): Uint8Array {
  const bits = Array.from(letters).flatMap((letter) => Array.from({ length: 5 }, (_, bit) => (alphabet.indexOf(letter) >> bit) & 1));
  return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => bits.slice(8 * index, 8 * index + 8).reduce((byte, bit, at) => byte | (bit << at), 0));
}

test("with the salt of Rspamd's own hash, it is the same", () => {
  expect(rspamdHash("secret", bytesOf(known.slice(3, 35)))).toBe(known);
});

test("a description takes each hash", () => {
  for (const password of ["a", "x".repeat(64), "y".repeat(65), "ä€😀"]) {
    const text = `hostname: mail.example.org\nrspamd: { enable_password: ${rspamdHash(password, salt)} }\ntargets: [rspamd]\n`;
    expect(validate(text)).toEqual([]);
  }
});

describe("from standard input", () => {
  test.each([["secret"], ["secret\n"], ["secret\r\n"]])("%j", async (input) => {
    expect(await run(["rspamd"], input)).toMatchObject({ status: 0, out: `${rspamdHash("secret", salt)}\n`, err: "" });
  });

  test.each([
    ["", "The password is empty."],
    ["\n", "The password is empty."],
    ["one-zq\ntwo-zq\n", "The input has more than one line, but a password is one line."],
    [" secret-zq", "Rspamd's page can send only passwords of ASCII characters, without a space at either end."],
    ["geheim-zq-\u00e4", "Rspamd's page can send only passwords of ASCII characters, without a space at either end."],
    ["secret-zq\t", "Rspamd's page can send only passwords of ASCII characters, without a space at either end."],
    [`${"x".repeat(1020)}-zq-too-long`, "The password is longer than 1024 characters."],
  ])("%j is refused, and not shown", async (input, message) => {
    const said = await run(["rspamd"], input);
    expect(said).toMatchObject({ status: 2, out: "", err: `mailcow-proxy: ${message}\nSee mailcow-proxy --help.\n` });
  });
});

describe("from a terminal", () => {
  test("the password is asked for twice", async () => {
    const said = await run(["rspamd"], "", ["secret", "secret"]);
    expect(said).toMatchObject({ status: 0, out: `${rspamdHash("secret", salt)}\n` });
    expect(said.err.match(/^[^:]+: /gm)).toEqual(["Password: ", "The same again: "]);
  });

  test("two passwords are refused", async () => {
    expect(await run(["rspamd"], "", ["secret", "secert"])).toMatchObject({ status: 2, out: "", err: expect.stringContaining("The two passwords are not the same.") });
  });

  test.each([[[]], [["secret"]]])("it is cancelled after %j", async (typed) => {
    expect(await run(["rspamd"], "", typed)).toMatchObject({ status: 1, out: "", err: expect.stringContaining("Nothing was hashed.") });
  });

  test("the terminal does not show what is typed", async () => {
    const asked: unknown[] = [];
    const openTerminal = async (options: unknown) => {
      asked.push(options);
      return { ask: async () => "secret", close: () => {} };
    };
    await mailcowProxy(["hash", "rspamd"], {}, undefined, { randomBytes, openTerminal });
    expect(asked).toEqual([{ hidden: true }]);
  });
});

test.each([
  [[], "hash needs what the password is for; use one of: rspamd."],
  [["rspam"], "Unknown system rspam; did you mean rspamd?"],
  [["nginx"], "Unknown system nginx; use one of: rspamd."],
])("%j is wrong", async (args, message) => {
  expect(await run(args, "secret")).toMatchObject({ status: 2, out: "", err: expect.stringContaining(message) });
});
