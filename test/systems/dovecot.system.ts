/** Dovecot's own reading of extra.conf as merge makes it, and of what merge refuses. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { mergeDovecot } from "../../src/core/dovecot/merge.ts";
import { readDovecotConf } from "../../src/core/dovecot/settings.ts";
import { checker } from "../../src/pipeline/check.ts";
import { mailPorts } from "../../src/targets/mail-ports/index.ts";
import { root } from "../support.ts";
import { attempt } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";

const cases = join(root, "test/cases/merged");
const name = "haproxy_trusted_networks";

/** What Dovecot reads in a file. */
function doveconf(text: string): { status: number; text: string } {
  writeFileSync(`${scratch}/dovecot.conf`, Buffer.from(text, "latin1"));
  return attempt("doveconf", "-c", `${scratch}/dovecot.conf`, "-h", name);
}

beforeAll(() => {
  freshFilesystem();
  mkdirSync("/etc/ssl/mail", { recursive: true });
  for (const file of ["key.pem", "other.pem"]) writeFileSync(`/etc/ssl/mail/${file}`, "x\n");
});

// mailcow has Dovecot 2.3, which 2.4 on Debian 13 does not read any more.
const isOlder = attempt("dovecot", "--version").text.startsWith("2.3");

describe.runIf(isOlder)("extra.conf", () => {
  const names = readdirSync(cases).filter((one) => one.startsWith("dovecot-"));

  test.each(names)("of the case %s is read with the proxy's addresses, or refused", (one) => {
    const { site } = checker()({ source: readFileSync(join(cases, one, "description.yaml")), file: "-" });
    if (site === undefined) throw new Error("the description is valid");
    const values = mailPorts.merges(site)["data/conf/dovecot/extra.conf"] ?? [];
    const { text, problems } = mergeDovecot(readDovecotConf(readFileSync(join(cases, one, "extra.conf"), "latin1")), [{ target: "mail-ports", values }]);
    const said = doveconf(text);
    if (problems.some(({ code }) => code === "extra-conf-line")) expect(said.status).not.toBe(0);
    else expect(said.text.replace(/^.*[Ww]arning.*\n/gm, "").trim().split(/[ ,]+/).map((address) => address.replace(/\/32$/, "")).toSorted()).toEqual(values.flatMap(({ networks }) => networks).toSorted());
  });

  test.each([
    "",
    `${name} = 10.13.13.9 # a comment\n`,
    `${name}="10.13.13.9"\n`,
    `${name} = '10.13.13.9'   \n`,
    `${name} = "10.13.13.9\n`,
    `\t${name}\t=\t10.13.13.9`,
    `${name} = 10.13.13.8 \\\n  10.13.13.9\n`,
    `${name} = 10.13.13.8\\\n10.13.13.9\n`,
    `${name} = 10.13.13.8 \\\n# a comment\nmail_debug = yes\n`,
    `${name} = 10.13.13.8 \\\n\n`,
    `log_path = "a # b" # c\n${name} = 10.13.13.9\n`,
    `log_path = a#b\n${name} = 10.13.13.9\n`,
    `${name} 10.13.13.9\n`,
    `protocol imap {\n  mail_debug = yes\n}\n${name} = 10.13.13.9\n`,
    `protocol imap {\n  mail_debug = yes\n  } \n${name} = 10.13.13.9\n`,
    `protocol imap {# a comment\n}\n${name} = 10.13.13.9\n`,
    `protocol imap {\n  log_path = x }\n${name} = 10.13.13.9\n`,
    `protocol imap {\n  ${name} = 10.13.13.9\n`,
    "protocol imap { mail_debug = yes }\n",
    "protocol imap\n{\n}\n",
    `local_name "a.example b.example" {\n}\n${name} = 10.13.13.9\n`,
    `plugin {\n  a = b\n}\n}\n${name} = 10.13.13.9\n`,
    "}}\n",
    `!include_try /nowhere/*.conf\r\n${name} = 10.13.13.9\r\n`,
  ])("%j is read as Dovecot reads it", (text) => {
    const { settings, faults } = readDovecotConf(text);
    const { status, text: said } = doveconf(text);
    const value = settings.findLast((setting) => setting.name === name && !setting.isInside)?.value ?? "";
    // It prints the value before it misses a brace.
    const isRead = status === 0 && !said.includes("Fatal");
    expect({ isRead, value: isRead ? said.replace(/^.*[Ww]arning.*\n/gm, "").trimEnd() : "" }).toEqual({ isRead: faults.length === 0, value: faults.length === 0 ? value : "" });
  });
});

test.skipIf(isOlder)("Dovecot 2.4 has another syntax", () => {
  expect(doveconf(`${name} = 10.13.13.1\n`).text).toMatch(/dovecot_config_version/);
});
