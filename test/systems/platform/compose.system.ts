/** docker compose 2 with docker-compose.override.yml as merge makes it. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mergeCompose } from "../../../src/core/compose/merge.ts";
import { validate } from "../../../src/index.ts";
import { checker } from "../../../src/pipeline/check.ts";
import { dockerLogging } from "../../../src/targets/docker-logging/index.ts";
import { mailPorts } from "../../../src/targets/mail-ports/index.ts";
import { traefikLabels } from "../../../src/targets/traefik/labels-target.ts";
import { labelled } from "../../../src/targets/traefik/labels.ts";
import { attempt } from "../../wire/world/command.ts";
import { freshFilesystem, scratch } from "../../wire/world/filesystem.ts";
import { root } from "../../support.ts";

const cases = join(root, "test/cases/merged");
const folder = () => `${scratch}/mailcow`;

/** The services that the cases name, in place of mailcow's. */
const services = ["postfix-mailcow", "dovecot-mailcow", "nginx-mailcow"];

const yaml = "hostname: mail.example.org\nsyslog: { services: [postfix-mailcow, dovecot-mailcow] }\ntargets: [docker-logging]\n";

beforeAll(() => {
  freshFilesystem();
  mkdirSync(folder(), { recursive: true });
  writeFileSync(`${folder()}/docker-compose.yml`, `services:\n${services.map((name) => `  ${name}: { image: mailcow, hostname: ${name} }\n`).join("")}volumes: { extra: {} }\n`);
});

/** What compose makes of its file and an override. */
function config(override: string): { status: number; text: string } {
  writeFileSync(`${folder()}/docker-compose.override.yml`, override);
  return attempt("docker-compose", "--project-directory", folder(), "-f", `${folder()}/docker-compose.yml`, "-f", `${folder()}/docker-compose.override.yml`, "config");
}

interface Project {
  readonly services: Record<string, Record<string, unknown> & { readonly ports?: readonly { readonly host_ip?: string; readonly published?: string; readonly target: number }[] }>;
}

function projectOf(override: string): Project {
  const { status, text } = config(override);
  expect(status, text).toBe(0);
  return parse(text.replaceAll(/^time=.*\n/gm, ""));
}

/** What compose itself refuses, besides what merge does. */
const refused = new Set(["ports-open-extends", "ports-open-spelling"]);

const overrides = readdirSync(cases).flatMap((name) => {
  const file = join(cases, name, "docker-compose.override.yml");
  const text = !existsSync(file) || name.includes("utf-8") ? undefined : readFileSync(file, "utf8");
  return text === undefined ? [] : [{ name, text }];
});

const mergeable = overrides.filter(({ name }) => !refused.has(name));

test.each(overrides.filter(({ name }) => refused.has(name)))("$name is refused by compose itself", ({ text }) => expect(config(text).status).not.toBe(0));

function merged(text: string): string | undefined {
  const { site } = checker()({ source: yaml, file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  const { text: after, problems } = mergeCompose(text, [{ target: "docker-logging", values: dockerLogging.merges(site)["docker-compose.override.yml"] ?? {} }]);
  return problems.length > 0 ? undefined : after;
}

describe("what merge adds", () => {
  const kept = mergeable.flatMap(({ name, text }) => {
    const after = merged(text);
    return after === undefined ? [] : [{ name, text, after }];
  });

  test("is tried with several files", () => expect(kept.length).toBeGreaterThan(4));

  test.each(kept)("to $name is what compose reads, beside all else that was there", ({ text, after }) => {
    const now = projectOf(after);
    const without = ({ services: all }: Project) => Object.fromEntries(Object.entries(all).map(([name, service]) => [name, { ...service, logging: undefined }]));
    // Compose refuses an empty file.
    expect(without(now)).toEqual(without(projectOf(text.trim() === "" ? "services: { nginx-mailcow: {} }\n" : text)));
    for (const name of ["postfix-mailcow", "dovecot-mailcow"]) {
      expect(now.services[name]?.["logging"]).toMatchObject({ driver: "syslog", options: { "syslog-address": "udp://127.0.0.1:524", tag: "{{.Name}}" } });
    }
    expect(now.services["nginx-mailcow"]?.["logging"]).toBeUndefined();
  });
});

describe("labels for Traefik", () => {
  const description = "hostname: mail.example.org\nproxy: { upstream: { address: nginx-mailcow } }\naccess: [{ path: /rspamd, allow: [192.0.2.0/24] }]\ntargets: [traefik-labels]\n";
  const { site } = checker()({ source: description, file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  const { labels } = labelled(site);
  const values = traefikLabels.merges(site)["docker-compose.override.yml"];

  test.each([
    ["a mapping", "services: { nginx-mailcow: { labels: { com.example.backup: 'no' } } }\n"],
    ["a list", "services:\n  nginx-mailcow:\n    labels:\n      - com.example.backup=no\n"],
  ])("added to %s are what compose reads, with every $", (_what, text) => {
    const { text: after, problems } = mergeCompose(text, [{ target: "traefik-labels", values }]);
    expect(problems).toEqual([]);
    const read = projectOf(after).services["nginx-mailcow"]?.["labels"] ?? {};
    // What config prints can be read by compose again, so it doubles $ as well.
    const found = Object.fromEntries(Object.entries(read).map(([name, value]) => [name, String(value).replaceAll("$$", "$")]));
    expect(found).toMatchObject({ ...labels, "com.example.backup": "no", "traefik.enable": "true", "traefik.docker.network": "mailcowdockerized_mailcow-network" });
    expect(Object.keys(found).length).toBe(Object.keys(labels).length + 3);
  });
});

describe("what compose accepts, and the container then fails with,", () => {
  test.each([
    ["a misspelled option", "{ driver: syslog, options: { sylog-address: 'udp://127.0.0.1:524' } }"],
    ["an unknown protocol", "{ driver: syslog, options: { syslog-address: 'upd://127.0.0.1:524' } }"],
    ["an unknown driver", "{ driver: sylog }"],
  ])("%s", (_what, logging) => expect(config(`services: { postfix-mailcow: { logging: ${logging} } }\n`).status).toBe(0));

  test("no description can ask for", () => {
    const errors = (settings: string) => validate(`hostname: mail.example.org\nsyslog: ${settings}\ntargets: [docker-logging]\n`).flatMap(({ code, severity }) => (severity === "error" ? [code] : []));
    expect(errors("{ protocol: upd }")).toEqual(["not-allowed"]);
    expect(errors("{ port: 524/udp }")).toEqual(["port"]);
    expect(errors("{ services: [postfix] }")).toEqual(["not-allowed"]);
    expect(errors("{ options: { sylog-address: x } }")).toEqual(["unknown-key"]);
  });
});

test("a service that mailcow does not have is refused by compose, too", () => {
  expect(config("services: { postfix: { logging: { driver: syslog } } }\n").status).not.toBe(0);
});

describe("mail ports for a proxy", () => {
  const description = "hostname: mail.example.org\nmailcow: { http: { bind: 10.13.13.2 }, https: { bind: 10.13.13.2 } }\nproxy: { upstream: { address: 10.13.13.2 }, addresses: [10.13.13.1] }\nmail: { address: 10.13.13.2, ports: [25, 993] }\ncertificate_names: ['imap.*']\ntargets: [mail-ports, mailcow-conf, systemd]\n";
  const { site } = checker()({ source: description, file: "-" });
  if (site === undefined) throw new Error("the description is valid");
  const wanted = [{ target: "mail-ports", values: mailPorts.merges(site)["docker-compose.override.yml"] ?? {} }];

  /** What compose publishes, as `ADDRESS:PORT:TARGET`. */
  function published(override: string, conf: string): string[] {
    writeFileSync(`${folder()}/.env`, conf);
    const all = Object.values(projectOf(override).services).flatMap(({ ports = [] }) => ports);
    writeFileSync(`${folder()}/.env`, "");
    return all.map((port) => `${port.host_ip ?? ""}:${port.published}:${port.target}`).toSorted((left, right) => (left < right ? -1 : 1));
  }

  test.each([
    ["without the keys, on this host alone", "", "", ["127.0.0.1:10025:10025", "127.0.0.1:10993:10993"]],
    ["at the address of mailcow.conf", "", "SMTP_PORT_HAPROXY=10.13.13.2:10025\nIMAPS_PORT_HAPROXY=10.13.13.2:10993\n", ["10.13.13.2:10025:10025", "10.13.13.2:10993:10993"]],
    ["beside others", "services:\n  postfix-mailcow:\n    ports: ['127.0.0.1:2525:25']\n", "SMTP_PORT_HAPROXY=10.13.13.2:10025\n", ["10.13.13.2:10025:10025", "127.0.0.1:10993:10993", "127.0.0.1:2525:25"]],
  ])("are published %s", (_what, before, conf, expected) => {
    const { text, problems } = mergeCompose(before, wanted);
    expect(problems).toEqual([]);
    expect(published(text, conf)).toEqual(expected);
  });

  test("that are not described any more are gone, and compose takes the list without entries", () => {
    const all = [{ target: "mail-ports", values: { "postfix-mailcow": { ports: [] } } }];
    const { text, problems } = mergeCompose(mergeCompose("", wanted).text, all);
    expect(problems).toEqual([]);
    expect(published(text, "")).toEqual([]);
  });

  test("are published everywhere by what merge refuses", () => {
    for (const port of ["10025:10025", "0.0.0.0:10025:10025", "${SMTP_PORT_HAPROXY}:10025", "10025"]) {
      const override = `services:\n  postfix-mailcow:\n    ports: ["${port}"]\n`;
      expect(mergeCompose(override, wanted).problems.map(({ code }) => code)).toEqual(["compose-port-open"]);
      expect(published(override, "")[0]).toMatch(/^(?:0\.0\.0\.0)?:/);
    }
  });
});
