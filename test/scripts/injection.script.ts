/**
 * What the hostile text of test/injection.ts leaves of itself in descriptions that are accepted, in scripts and units: the
 * shell and systemd read each value as that value.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { readConf } from "../../src/core/mailcow-conf/statements.ts";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { generate } from "../../src/index.ts";
import { accepted, ascii } from "../injection.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-injection-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin/certbot"), "#!/bin/sh\nprintf '%s\\0' \"$@\"\n", { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true }));

function ending(files: readonly OutputFile[], end: string): OutputFile {
  const file = files.find(({ path }) => path.endsWith(end));
  if (file === undefined) throw new Error(`there is no file ${end}`);
  return file;
}

/** The words that a script prints, each with a NUL behind it. */
function words(script: string): string[] {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8", env: { PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, HOME: "/root" } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\0").slice(0, -1);
}

/** What the shell reads a script's variables as, at the beginning of the script. */
function variables({ content }: OutputFile, ...names: readonly string[]): string[] {
  return words(`${content.split("\nsay() {")[0]}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`);
}

describe("certbot's scripts", () => {
  const usual = { hostname: "mail.example.org", mailcow: { directory: "/opt/mailcow-dockerized" }, mail_domains: [], tls: { email: "you@example.org" } };

  test.each(["/hostname", "/mail_domains/*", "/additional_server_names/*", "/mailcow/directory", "/tls/email"])("%s", (key) => {
    const attempts = accepted(key);
    expect(attempts.length).toBeGreaterThan(10);
    for (const one of attempts) {
      const given = { ...usual, ...parse(one.yaml) };
      const [hostname, directory] = [ascii(given.hostname), given.mailcow.directory];
      const domains = (given.mail_domains ?? []).map(ascii).flatMap((domain: string) => ["autodiscover", "autoconfig", "mta-sts"].map((label) => `${label}.${domain}`));
      const files = generate(stringify({ ...given, tls: { issuer: "certbot", email: given.tls.email } }), { targets: ["certbot"] }).files;
      const deploy = ending(files, "-deploy.sh");
      const called = words(ending(files, "-issue.sh").content);
      const names = called.flatMap((word, index) => (called[index - 1] === "-d" ? [word] : []));
      expect(new Set(names), one.value).toEqual(new Set([hostname, ...domains, ...(given.additional_server_names ?? []).map(ascii)]));
      expect(called.filter((word, index) => word !== "-d" && called[index - 1] !== "-d"), one.value).toEqual([
        "certonly", "--cert-name", hostname, "--email", given.tls.email, "--agree-tos", "--no-eff-email", "--non-interactive", "--keep-until-expiring", "--renew-with-new-domains",
        "--deploy-hook", deploy.installPath, "--webroot", "-w", `${directory}/data/web`,
      ]);
      expect(variables(deploy, "lineage", "mailcow", "ssl"), one.value).toEqual([`/etc/letsencrypt/live/${hostname}`, directory, `${directory}/data/assets/ssl`]);
    }
  });
});

describe("mailcow.conf, which mailcow's own scripts take as a script", () => {
  test.each(["/hostname", "/additional_server_names/*"])("%s", (key) => {
    const attempts = accepted(key);
    expect(attempts.length).toBeGreaterThan(10);
    for (const { yaml, value } of attempts) {
      const { content } = ending(generate(yaml, { targets: ["mailcow-conf"] }).files, ".conf");
      const { statements } = readConf(content);
      const names = statements.map((statement) => statement.key);
      expect(words(`${content}\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(" ")}`), value).toEqual(statements.map((statement) => statement.value));
      expect(statements.map((statement) => statement.value), value).toContain(ascii(value));
    }
  });
});

describe("systemd's script and units", () => {
  test.each(["/hostname", "/mail_domains/*", "/mailcow/directory"])("%s", (key) => {
    const units = join(folder, key.replaceAll(/\W/g, "-"));
    mkdirSync(units);
    const written: string[] = [];
    const expected: Record<string, string[]> = {};
    for (const [index, one] of accepted(key).entries()) {
      const { hostname, mailcow } = parse(one.yaml);
      const sni = key === "/mail_domains/*";
      const name = key === "/hostname" ? ascii(hostname) : `n${index}.example.org`;
      const files = generate(stringify({ ...parse(one.yaml), hostname: name, tls: { sni } }), { targets: ["systemd"] }).files;
      const ssl = `${mailcow?.directory ?? "/opt/mailcow-dockerized"}/data/assets/ssl`;
      const first = `autodiscover.${ascii(one.value)}`;
      const script = ending(files, ".sh");
      expect(variables(script, "certificate", "key"), one.value).toEqual([`${ssl}/cert.pem`, `${ssl}/key.pem`]);
      if (sni) expect(variables(script, "ssl", "domains"), one.value).toEqual([ssl, `\n${ascii(one.value)}\n`]);
      for (const { installPath = "", content } of files.filter((file) => file !== script)) {
        const file = join(units, installPath.slice("/etc/systemd/system/".length));
        // The script has to exist, and this machine has none in that place.
        writeFileSync(file, content.replace(script.installPath ?? "", "/bin/true"));
        written.push(file);
      }
      expected[`mailcow-${name}-reload.path`] = sni ? [ssl, `${ssl}/${first}`] : [`${ssl}/cert.pem`, `${ssl}/key.pem`];
    }
    expect(written.length).toBeGreaterThan(20);
    expect(watched(written)).toEqual(Object.fromEntries(Object.entries(expected).map(([name, paths]) => [name, paths.toSorted()])));
  });
});

/** The paths that systemd itself says that it watches, by unit. */
function watched(files: readonly string[]): Record<string, string[]> {
  const { status, stdout } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8", env: { ...process.env, SYSTEMD_LOG_LEVEL: "debug" }, maxBuffer: 2 ** 28 });
  expect(status).toBe(0);
  const found: Record<string, string[]> = {};
  for (const section of stdout.split("-> Unit ")) {
    const name = /^(\S+\.path):/.exec(section)?.[1];
    if (name !== undefined) found[name] = [...section.matchAll(/^\s*PathChanged: (.*)$/gm)].map(([, path = ""]) => path).toSorted();
  }
  return found;
}
