/** Odd values that the schema lets through are read back by the programs as what they are, and as nothing more. */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import { type Attempt, accepted, ascii, usual } from "../injection.ts";
import { attempt } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { filesFor, place } from "./world/output.ts";

/** Some of the attempts that are accepted, each with another value. */
function some(key: string, most: number): Attempt[] {
  const all = accepted(key);
  return all.filter((_, index) => index % Math.ceil(all.length / most) === 0);
}

beforeAll(freshFilesystem);

describe.each([["/local_mta/hostname", "myhostname"], ["/local_mta/domain", "myorigin"]])("%s", (key, parameter) => {
  test("is that parameter for Postfix, and the others are as usual", () => {
    const folder = `${scratch}/postfix`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/master.cf`, "");
    const read = (yaml: string) => {
      writeFileSync(`${folder}/main.cf`, generate(yaml).files.find(({ target }) => target === "local-mta")?.content ?? "");
      // Postfix waits until a file is older than a second.
      utimesSync(`${folder}/main.cf`, 1_700_000_000, 1_700_000_000);
      const { status, text } = attempt("postconf", "-c", folder, "-n");
      expect(status, text).toBe(0);
      return Object.fromEntries(text.split("\n").filter((line) => line !== "").map((line) => [line.slice(0, line.indexOf(" =")), line.slice(line.indexOf("=") + 1).trim()]));
    };
    const before = read(usual(key));
    const attempts = some(key, 25);
    expect(attempts.length).toBeGreaterThan(10);
    for (const { yaml, value } of attempts) expect(read(yaml), value).toEqual({ ...before, [parameter]: ascii(value) });
  });
});

test("the values of fail2ban are those of its jails, and nothing else changes", () => {
  const log = "/var/log/mailcow.log";
  for (const file of [log, "/var/log/auth.log"]) writeFileSync(file, "");
  const read = (fail2ban: object) => {
    const [file] = filesFor({ syslog: {}, fail2ban, targets: ["fail2ban"] });
    if (file === undefined) throw new Error("no file");
    place(file);
    const { status, text } = attempt("fail2ban-client", "-d");
    expect(status, text).toBe(0);
    return text.split("\n").filter((line) => line.includes("'mailcow-"));
  };
  const isOurs = (line: string) => /'(?:bantime|maxretry|maxmatches|addignoreip)'/.test(line);
  const before = read({});
  const after = read({ maxretry: 1000, bantime: "99999w", ignore: ["198.51.100.7", "2001:db8::/32"] });
  expect(after.filter((line) => !isOurs(line))).toEqual(before.filter((line) => !isOurs(line)));
  const ours = after.filter(isOurs).filter((line) => line.includes("'mailcow-dovecot'")).join("\n");
  for (const words of ["'maxretry', 1000]", "'bantime', '99999w']", "'addignoreip', '127.0.0.0/8', '::1', '172.22.1.0/24', 'fd4d:6169:6c63:6f77::/64', '198.51.100.7/32', '2001:db8::/32']"]) expect(ours).toContain(words);
});

test("/syslog/file is a file for rsyslog", () => {
  const attempts = some("/syslog/file", 10);
  expect(attempts.length).toBeGreaterThan(5);
  for (const { yaml, value } of attempts) {
    const [file] = generate(yaml, { targets: ["rsyslog"] }).files;
    expect(file?.content, value).toContain(`file="${value}"`);
    writeFileSync("/etc/rsyslog.d/mailcow.conf", file?.content ?? "");
    expect(attempt("rsyslogd", "-N1", "-f", "/etc/rsyslog.d/mailcow.conf"), value).toMatchObject({ status: 0 });
  }
});
