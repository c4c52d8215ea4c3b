/** Odd values that the schema lets through are read back by the programs as what they are, and as nothing more. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import { type Attempt, accepted, ascii, usual } from "../injection.ts";
import { attempt } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";

/** The file of a target for an attempt. */
function contentOf(yaml: string, target: string): string {
  const file = generate(yaml).files.find((one) => one.target === target);
  if (file === undefined) throw new Error(`no file for ${target}`);
  return file.content;
}

/** Some of the attempts that are accepted: each with another value. */
function some(key: string, most: number): Attempt[] {
  const all = accepted(key);
  return all.filter((_, index) => index % Math.ceil(all.length / most) === 0);
}

beforeAll(() => {
  freshFilesystem();
  writeFileSync("/var/log/auth.log", "");
});

describe.each([["/local_mta/hostname", "myhostname"], ["/local_mta/domain", "myorigin"]])("%s", (key, parameter) => {
  test("is that parameter for Postfix, and the others are as usual", () => {
    const folder = `${scratch}/postfix`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/master.cf`, "");
    const read = (yaml: string) => {
      writeFileSync(`${folder}/main.cf`, contentOf(yaml, "local-mta"));
      const { status, text } = attempt("postconf", "-c", folder, "-n");
      expect(status, text).toBe(0);
      return Object.fromEntries(text.split("\n").filter((line) => line !== "").map((line) => [line.slice(0, line.indexOf(" =")), line.slice(line.indexOf("=") + 1).trim()]));
    };
    const before = read(usual(key));
    const attempts = some(key, 60);
    expect(attempts.length).toBeGreaterThan(10);
    for (const { yaml, value } of attempts) expect(read(yaml), value).toEqual({ ...before, [parameter]: ascii(value) });
  });
});

describe.each(["/fail2ban/bantime", "/fail2ban/ignore/*", "/fail2ban/maxretry"])("%s", (key) => {
  test("changes only that value of fail2ban's jails", () => {
    const read = (yaml: string) => {
      writeFileSync("/etc/fail2ban/jail.d/mailcow.local", contentOf(yaml, "fail2ban"));
      const { status, text } = attempt("fail2ban-client", "-d");
      expect(status, text).toBe(0);
      return text.split("\n").filter((line) => line.includes("mailcow-"));
    };
    mkdirSync("/srv/log", { recursive: true });
    writeFileSync("/srv/log/mailcow.log", "");
    const before = read(usual(key));
    expect(before.length).toBeGreaterThan(20);
    const value = { "/fail2ban/bantime": /'bantime'/, "/fail2ban/ignore/*": /'addignoreip'/, "/fail2ban/maxretry": /'maxretry'/ }[key] ?? /^$/;
    for (const one of some(key, 6)) {
      const after = read(one.yaml);
      expect(after.filter((line) => !value.test(line)), one.value).toEqual(before.filter((line) => !value.test(line)));
      expect(after.length, one.value).toBe(before.length);
    }
  });
});

test("/syslog/file is a file for rsyslog and for logrotate", () => {
  const attempts = some("/syslog/file", 12);
  expect(attempts.length).toBeGreaterThan(5);
  for (const { yaml, value } of attempts) {
    const [file] = generate(yaml.replace("docker-logging", "rsyslog")).files;
    writeFileSync("/etc/rsyslog.d/mailcow.conf", file?.content ?? "");
    expect(readFileSync("/etc/rsyslog.d/mailcow.conf", "utf8"), value).toContain(`file="${value}"`);
    expect(attempt("rsyslogd", "-N1", "-f", "/etc/rsyslog.d/mailcow.conf"), value).toMatchObject({ status: 0 });
  }
});

test("hashes of rspamd are texts for Rspamd", () => {
  const configuration = `${scratch}/rspamd.conf`;
  for (const key of ["/rspamd/enable_password", "/rspamd/password"]) {
    for (const { yaml, value } of [{ yaml: usual(key), value: "" }, ...some(key, 3)]) {
      writeFileSync(configuration, contentOf(yaml, "rspamd"));
      const { status, text } = attempt("rspamadm", "configdump", "-j", "-c", configuration);
      expect(status, text).toBe(0);
      const read: unknown = JSON.parse(text.slice(text.indexOf("{")));
      expect(Object.keys(Object(read)).filter((name) => name.endsWith("password")).toSorted()).toEqual(["enable_password", "password"]);
      if (value !== "") expect(Object(read)[key.slice("/rspamd/".length)]).toBe(value);
    }
  }
});
