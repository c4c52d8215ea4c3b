/**
 * No value of a description becomes anything but that value: it is refused at its place, or stands in every file as it is.
 * The servers and the shell read what gets through in test/wire/injection.wire.ts and test/scripts/injection.script.ts.
 */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readDovecotConf } from "../src/core/dovecot/settings.ts";
import { readMainCf } from "../src/core/main-cf/parameters.ts";
import { readConf } from "../src/core/mailcow-conf/statements.ts";
import type { OutputFile } from "../src/core/output/output-file.ts";
import { withoutSecrets } from "../src/core/secrets/hide.ts";
import { isReference, isSecretive } from "../src/core/secrets/names.ts";
import { generate } from "../src/index.ts";
import { type Attempt, ascii, attempt, characters, embedded, escaped, example, hostile, schemaKeys, tableKeys, usual } from "./injection.ts";

test("every key has a row", () => expect(tableKeys.toSorted()).toEqual(schemaKeys().toSorted()));

describe.each(tableKeys)("%s", (key) => {
  const before = generate(usual(key)).files;

  test("is fine without hostile text", () => expect(before.length).toBeGreaterThan(1));

  test("is refused at its place, or stands as it is in every file", () => {
    for (const one of hostile.flatMap((text) => embedded(key, text)).map((value) => attempt(key, value))) {
      const { files, diagnostics } = generate(one.yaml);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      expect(files.length === 0, one.value).toBe(errors.length > 0);
      const shown = lineOf(one);
      if (errors.length > 0) expect(errors.map(({ source }) => source?.trim().replace(/,$/, "")), one.value).toContain(shown);
      else standsIn(files, before, one);
    }
  });
});

/** The line of the value in an attempt's YAML. What may be a password is not shown in reports. */
function lineOf({ key, value }: Attempt): string {
  if (key.startsWith("/basic_auth/")) return "(hidden)";
  const name = key.slice(key.lastIndexOf("/") + 1);
  const written = escaped(value).trim();
  if (name === "banlist") return withoutSecrets(`"banlist": ${written}`);
  return `${name === "*" ? "" : `"${name}": `}${isSecretive(name) && !isReference(written) ? "(hidden)" : written}`;
}

/** Keys whose value stands in the files as it was written, but for the quoting of regular expressions. */
const verbatim = /^\/(?:mailcow\/directory|proxy\/upstream\/verify|tls\/(?:certificate|key|email|acme_webroot)|access\/\*\/path|basic_auth\/(?:paths|users)\/\*|rspamd\/(?:enable_)?password|fail2ban\/bantime|syslog\/file|mail\/(?:listen\/\*|address|banlist))$/;

function standsIn(files: readonly OutputFile[], before: readonly OutputFile[], { key, value }: Attempt): void {
  for (const [index, { path, installPath, mode, content }] of files.entries()) {
    expect(content, value).toMatch(/^[\t\x20-\x7e\n]*$/);
    expect([path, installPath].join("\n"), value).toMatch(/^(?!\/)(?!.*\/\.{1,2}\/)[A-Za-z0-9.-]+\/[A-Za-z0-9.-]+\n\/(?!.*\/\.{1,2}\/)[A-Za-z0-9._+@=/-]+$/);
    expect(path.length, value).toBeLessThan(256);
    expect(mode, value).toMatch(/^0(?:600|640|644|700|755)$/);
    // With the usual value in its place the file is the usual one. A path of one character is in every other.
    if (verbatim.test(key) && value !== "/") expect(withUsual(unquoted(content), key, written(key, value)), value).toBe(unquoted(before[index]?.content ?? ""));
  }
  expect(mainCfOf(files, value), value).toEqual(mainCfOf(before, value));
  expect(firewallOf(files), value).toEqual(firewallOf(before));
  expect(dovecotOf(files), value).toEqual(dovecotOf(before));
  expect(composeOf(files), value).toEqual(JSON.parse(JSON.stringify(composeOf(before)).replaceAll(JSON.stringify(example(key)), JSON.stringify(value))));
  expect(confOf(files), value).toEqual(Object.fromEntries(Object.entries(confOf(before)).map(([name, text]) => [name, text === example(key) ? ascii(value) : text])));
}

/** What of a value stands in the files: the host in the address of a list of bans does not matter. */
function written(key: string, value: string): string {
  return key === "/mail/banlist" ? value.slice(value.indexOf("/", "https://".length)) : value;
}

/** The usual value in place of this one. Some servers have a user's name and hash apart. */
function withUsual(content: string, key: string, value: string): string {
  const usual = written(key, String(example(key)));
  const whole = content.replaceAll(value, usual);
  if (key !== "/basic_auth/users/*") return whole;
  return [" password ", " "].reduce((rest, between) => rest.replaceAll(value.replace(":", between), usual.replace(":", between)), whole);
}

/** Regular expressions for paths as the paths, and no digest. */
function unquoted(content: string): string {
  return content.replace(/^# Digest of .*$/m, "").replaceAll(/\\\.|\[\.\]/g, ".").replaceAll(/\(\?:\/\|%2(?:\[Ff\]|f|F)\)\+|\/\+/g, "/")
    // Whether YAML needs quotes depends on the value.
    .replaceAll("'", "");
}

/** The parameters that Postfix reads in extra.cf, without the name of the relayhost. */
function mainCfOf(files: readonly OutputFile[], value: string) {
  const { parameters, faults } = readMainCf(files.find(({ target, install }) => target === "relayhost" && install === "merged")?.content ?? "");
  expect(faults).toEqual([]);
  return parameters.map((parameter) => [parameter.name, parameter.value.replaceAll(ascii(value), "relay.example.com")]);
}

/** What compose reads in the override. */
function composeOf(files: readonly OutputFile[]): unknown {
  return parse(files.find(({ installPath = "" }) => installPath.endsWith("/docker-compose.override.yml"))?.content ?? "null");
}

/** What Dovecot reads in extra.conf. */
function dovecotOf(files: readonly OutputFile[]) {
  const { settings, faults } = readDovecotConf(files.find(({ installPath = "" }) => installPath.endsWith("/extra.conf"))?.content ?? "");
  expect(faults).toEqual([]);
  return settings.map(({ name, value, isInside }) => ({ name, value, isInside }));
}

/** The lines of the firewall for the mail ports and of its units, without comments and without the names of files, which have the hostname. */
function firewallOf(files: readonly OutputFile[]): string[] {
  return files
    .filter(({ target, install }) => target === "mail-ports" && install === "replaced")
    .flatMap(({ content }) => content.split("\n"))
    .filter((line) => !/^\s*(?:#|Description=)/.test(line))
    .map((line) => line.replaceAll(/\/[\w./-]+-mail-ports\.(?:nft|sh)/g, "FILE"));
}

/** The values of mailcow.conf as docker compose reads them. */
function confOf(files: readonly OutputFile[]): Record<string, string> {
  const { statements, faults } = readConf(files.find(({ target }) => target === "mailcow-conf")?.content ?? "");
  expect(faults).toEqual([]);
  return Object.fromEntries(statements.map(({ key, value }) => [key, value]));
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

test.each([
  ["/hostname", `${alphanumeric}-.`],
  ["/mailcow/directory", `${alphanumeric}+-./=@_`],
  ["/proxy/upstream/verify", `${alphanumeric}+-./=@_`],
  ["/tls/email", `${alphanumeric}+-._`],
  ["/access/*/path", `${alphanumeric}-./_~`],
  ["/mailcow/http/bind", "0123456789"],
  ["/access/*/allow/*", "0123456789"],
  ["/versions/nginx", "0123456789"],
  ["/mailcow/http/port", ""],
])("%s takes no other character of ASCII", (key, allowed) => {
  const taken = characters.filter((character) => embedded(key, character).slice(1).some((value) => generate(attempt(key, value).yaml).files.length > 0));
  expect(Array.from(allowed).filter((character) => !taken.includes(character)).length).toBeLessThan(2);
  expect(taken.filter((character) => !allowed.includes(character))).toEqual([]);
});
