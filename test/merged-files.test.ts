/** extra.cf, extra.conf and docker-compose.override.yml: every case against what was reviewed, and what holds for every file. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { mailcowProxy } from "./memory-io.ts";
import { filesBelow, root, snapshots } from "./support.ts";

const folder = join(root, "test/cases/merged");
const places = { "extra.cf": "data/conf/postfix/extra.cf", "extra.conf": "data/conf/dovecot/extra.conf", "docker-compose.override.yml": "docker-compose.override.yml" } as const;

type Name = keyof typeof places;

/** The file of a case, one character a byte, its place in mailcow's folder, and its description. */
function caseOf(name: string) {
  const file = (["extra.cf", "extra.conf", "docker-compose.override.yml"] as const satisfies readonly Name[]).find((one) => readdirSync(join(folder, name)).includes(one));
  if (file === undefined) throw new Error(`${name} has no file`);
  const path = `/opt/mailcow-dockerized/${places[file]}`;
  const text = readFileSync(join(folder, name, file), "latin1");
  return { path, text, files: { "mailcow-proxy.yaml": readFileSync(join(folder, name, "description.yaml"), "utf8"), [path]: text } };
}

const names = readdirSync(folder).toSorted();
const target = (path: string, name = "") => (path.endsWith(".cf") ? "relayhost" : path.endsWith(".conf") || name.startsWith("ports") ? "mail-ports" : name.startsWith("labels") ? "traefik-labels" : "docker-logging");

/** Every secret of the cases is spelled so. */
const secret = /the-[a-z-]*(?:password|key)/;

/** The target mail-ports sets values in two files. */
const choice = (path: string, name: string) => (target(path, name) === "mail-ports" ? ["-t", "mail-ports", "--into", path] : ["-t", target(path, name)]);

async function run(name: string, ...options: readonly string[]) {
  const { path, files } = caseOf(name);
  return mailcowProxy(["merge", ...choice(path, name), ...options], files);
}

describe("cases", () => {
  test("there are some of each kind", () => expect(names.length).toBeGreaterThan(15));

  test.each(names)("%s", async (name) => {
    const { files } = caseOf(name);
    const shown = await run(name, "--diff");
    const listed = await run(name, "--check");
    expect(listed.status).toBe(shown.status);
    expect(shown.files).toEqual(new Map(Object.entries(files)));
    await expect(Buffer.from(shown.err + shown.out, "latin1").toString()).toMatchFileSnapshot(join(snapshots, `merged/${name}.txt`));
    expect(shown.err + shown.out + listed.out).not.toMatch(secret);
  });

  test("each has its snapshot", () => {
    expect(filesBelow(join(snapshots, "merged"))).toEqual(names.map((name) => `${name}.txt`).toSorted());
  });
});

describe("a file that is merged", () => {
  test.each(names)("%s: changes nothing when there is an error, and nothing in a second run", async (name) => {
    const { path, text, files } = caseOf(name);
    const written = await run(name, "--write");
    if (written.status !== 0) {
      expect(written.err).toContain(": error: ");
      expect(written.files).toEqual(new Map(Object.entries(files)));
      return;
    }
    const after = written.files.get(path) ?? "";
    const again = await mailcowProxy(["merge", ...choice(path, name), "--write"], { ...files, [path]: after });
    expect(again.out).toBe(`unchanged  ${path}\n`);
    expect((await run(name)).out).toBe(after);
    expect(written.out.includes("backup")).toBe(after !== text);
    // Lines of the administrator stay, in their order.
    const ours = /mailcow-proxy/;
    const own = text.split("\n").filter((line) => line !== "" && !ours.test(line));
    const kept = after.split("\n");
    if (!text.includes("mailcow-proxy")) expect(own.filter((line) => !kept.includes(line) && !text.startsWith("{"))).toEqual([]);
  });

  test.each(names.flatMap((name) => (["patch", "git"] as const).map((program) => [name, program] as const)))("%s: %s makes what merge makes of the diff", async (name, program) => {
    const { path, text } = caseOf(name);
    const { status, out } = await run(name, "--diff");
    const merged = await run(name);
    if (merged.status !== 0 || status === 0 || /\(hidden\)/.test(out)) return;
    const place = mkdtempSync(join(tmpdir(), "mailcow-proxy-merged-"));
    try {
      const file = join(place, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, "latin1");
      const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
      const patched = spawnSync(program, program === "git" ? ["apply"] : ["-p1"], { cwd: place, env, input: Buffer.from(out, "latin1") });
      expect(patched.status, String(patched.stdout)).toBe(0);
      expect(readFileSync(file, "latin1")).toBe(merged.out);
    } finally {
      rmSync(place, { recursive: true });
    }
  });
});

test("a printed override is what merge makes of an empty file, below its head", async () => {
  const yaml = "hostname: mail.example.org\nsyslog: { protocol: tcp, port: 1514 }\n";
  const printed = await mailcowProxy(["generate", "-t", "docker-logging", "--format", "json"], { "mailcow-proxy.yaml": yaml });
  const { files }: { files: { install: string; content: string }[] } = JSON.parse(printed.out);
  const override = files.find(({ install }) => install === "merged");
  const merged = await mailcowProxy(["merge", "-t", "docker-logging"], { "mailcow-proxy.yaml": yaml });
  expect(override?.content.replace(/^(?:#.*\n)*\n/, "")).toBe(merged.out);
  expect(parse(merged.out)).toEqual({ services: Object.fromEntries(["postfix-mailcow", "dovecot-mailcow", "rspamd-mailcow"].map((name) => [name, { logging: { driver: "syslog", options: { "syslog-address": "tcp://127.0.0.1:1514", tag: "{{.Name}}" } } }])) });
});

const relay = "hostname: mail.example.org\nrelayhost: { host: relay.example.net, username: mail@example.org, password_file: /root/pw }\nsyslog: {}\ntargets: [nginx, relayhost, docker-logging]\n";
const ports = "hostname: mail.example.org\nproxy: { upstream: { address: 10.13.13.2 }, addresses: [10.13.13.1] }\nmailcow: { http: { bind: 10.13.13.2 } }\nmail: {}\ntargets: [nginx, mail-ports]\n";
const conf = "MAILCOW_HOSTNAME=mail.example.org\nHTTP_PORT=80\n";
const directory = "/opt/mailcow-dockerized";

describe("several files", () => {
  const files = { "mailcow-proxy.yaml": relay, [`${directory}/mailcow.conf`]: conf };

  test("are those that the description's targets need, and new ones are made", async () => {
    const written = await mailcowProxy(["merge", "--write"], files);
    expect(written.status).toBe(0);
    expect(written.err).toBe(`Using ${directory}/mailcow.conf, from mailcow.directory.\n${directory}/data/conf/postfix/extra.cf does not exist yet.\n${directory}/docker-compose.override.yml does not exist yet.\n`);
    expect(written.out).toBe(
      `written    ${directory}/mailcow.conf\nbackup     ${directory}/mailcow.conf.bak\nwritten    ${directory}/data/conf/postfix/extra.cf\nwritten    ${directory}/docker-compose.override.yml\n\n` +
        `To make the changes take effect, run in ${directory}: docker compose up -d\nTo make the changes take effect, run in ${directory}: docker compose restart postfix-mailcow\n`,
    );
    const now = Object.fromEntries(written.files);
    expect((await mailcowProxy(["merge", "--check"], now)).status).toBe(0);
    expect((await mailcowProxy(["generate", "-t", "relayhost,docker-logging", "--installed", "--check"], now)).out).toBe("2 files are up to date\n");
  });

  test("are printed with their names, and one file as it is", async () => {
    const { out } = await mailcowProxy(["merge"], files);
    expect(out.match(/^# ==> .* <==$/gm)).toEqual(["mailcow.conf", "data/conf/postfix/extra.cf", "docker-compose.override.yml"].map((path) => `# ==> ${directory}/${path} <==`));
    const one = await mailcowProxy(["merge", "-t", "mailcow-conf"], files);
    expect(one.out).toMatch(/^MAILCOW_HOSTNAME=/);
  });

  test("are not written if one of them has an error", async () => {
    const before = { ...files, [`${directory}/docker-compose.override.yml`]: "services: { postfix-mailcow: { logging: { driver: none } } }\n" };
    const { status, err, files: after } = await mailcowProxy(["merge", "--write"], before);
    expect(status).toBe(1);
    expect(err).toContain("services.postfix-mailcow.logging.driver is none here, but the description asks for syslog [merged-differs]");
    expect(after).toEqual(new Map(Object.entries(before)));
  });

  test("--into takes one, by its name or by the target", async () => {
    const cf = { ...files, "there/extra.cf": "a = b\n", "odd-name": "a = b\n" };
    const first = "myhostname = mail.example.org\na = b\n# mailcow-proxy relayhost:";
    expect((await mailcowProxy(["merge", "--into", "there/extra.cf"], cf)).out.startsWith(first)).toBe(true);
    expect((await mailcowProxy(["merge", "-t", "relayhost", "--into", "odd-name"], cf)).out.startsWith(first)).toBe(true);
    expect(await mailcowProxy(["merge", "-t", "mailcow-conf", "--into", "there/extra.cf"], cf)).toMatchObject({ status: 2, err: expect.stringContaining("None of the targets mailcow-conf sets values in extra.cf; choose another one with --target.") });
    expect(await mailcowProxy(["merge", "-t", "relayhost,docker-logging", "--into", "odd-name"], cf)).toMatchObject({ status: 2, err: expect.stringContaining("--into is one file, but these targets need several") });
    expect(await mailcowProxy(["merge", "-t", "nginx"], cf)).toMatchObject({ status: 2, err: expect.stringContaining("nginx") });
  });
});

describe("the login of a relayhost", () => {
  const files = { "mailcow-proxy.yaml": relay, "/root/pw": "the-relay-password #1: x\n" };
  const line = "[relay.example.net]:587 mail@example.org:the-relay-password #1: x\n";

  test("is generated only when files with secrets are asked for, and then alone", async () => {
    const { status, out } = await mailcowProxy(["generate", "-t", "relayhost", "--secrets"], files);
    expect(status).toBe(0);
    expect(out).toMatch(/^# The login of mailcow at its relayhost, .*\n# Generated by mailcow-proxy; .*\n# Digest of the other lines: sha256:[0-9a-f]{64}\n\[relay/);
    expect(out.endsWith(line)).toBe(true);
    const json: { files: { mode: string; install: string; install_path: string; content: string }[] } = JSON.parse((await mailcowProxy(["generate", "--secrets", "--format", "json"], files)).out);
    expect(json.files).toMatchObject([{ mode: "0600", install: "replaced", install_path: `${directory}/data/conf/postfix/sql/relayhost_passwd`, content: out }]);
  });

  test.each([["text"], ["json"], ["tar"]])("is in no other output: %s", async (format) => {
    const { status, out, err } = await mailcowProxy(["generate", "--format", format], { "mailcow-proxy.yaml": relay });
    expect([status, err.includes("root/pw")]).toEqual([0, false]);
    expect(out).not.toContain("passwd\",\"install_path");
  });

  test("is written with -o, compared, and never shown", async () => {
    const written = await mailcowProxy(["generate", "--secrets", "-o", "out"], files);
    expect(written.out).toBe("written    out/relayhost/mailcow-mail.example.org.passwd\n");
    const now = { ...Object.fromEntries(written.files), "/root/pw": "the-new-password\n" };
    const diff = await mailcowProxy(["generate", "--secrets", "-o", "out", "--diff"], now);
    expect(diff).toMatchObject({ status: 1, out: "", err: expect.stringContaining("out of date          out/relayhost/mailcow-mail.example.org.passwd") });
    expect(diff.err).not.toMatch(/the-\w+-password/);
  });

  test.each([
    ["", "it is empty"],
    ["two\nlines\n", "it has more than one line"],
    [" x", "it begins or ends with white space"],
    ["a\u0007b", "it has control characters"],
    ["x".repeat(501), "it is too long"],
  ])("is refused as %j", async (content, reason) => {
    const { status, err, out } = await mailcowProxy(["generate", "-t", "relayhost", "--secrets"], { ...files, "/root/pw": content });
    expect([status, out]).toEqual([3, ""]);
    expect(err).toContain(`cannot use the secret in /root/pw: ${reason}`);
  });

  test("may be in a variable", async () => {
    const yaml = relay.replace("password_file: /root/pw", "password_variable: RELAY");
    const set = await mailcowProxy(["generate", "--secrets"], { "mailcow-proxy.yaml": yaml }, undefined, { env: { RELAY: "hunter 2" } });
    expect(set.out.endsWith("[relay.example.net]:587 mail@example.org:hunter 2\n")).toBe(true);
    const unset = await mailcowProxy(["generate", "--secrets"], { "mailcow-proxy.yaml": yaml }, undefined, { env: {} });
    expect(unset).toMatchObject({ status: 3, err: expect.stringContaining("cannot read the secret in the variable RELAY: it is not set") });
  });

  test("is an error where no target has a secret", async () => {
    expect(await mailcowProxy(["generate", "-t", "nginx", "--secrets"], files)).toMatchObject({ status: 2, out: "" });
  });
});

test.each([
  ["extra.cf", `myhostname = mail.example.org\na =${"\n b,".repeat(120_000)}\n`],
  ["extra.cf", "a = b\n".repeat(80_000)],
  ["extra.cf", `relayhost = ${"{".repeat(400_000)}`],
  ["extra.conf", "a { b {\n".repeat(50_000)],
  ["extra.conf", `haproxy_trusted_networks = ${"\"#'\\ ".repeat(80_000)}`],
  ["extra.conf", "a = b \\\n".repeat(60_000)],
  ["docker-compose.override.yml", `services:\n${Array.from({ length: 2000 }, (_, index) => `  s${index}: { tty: true }\n`).join("")}`],
  ["docker-compose.override.yml", `services: { postfix-mailcow: { labels: [${"a=b,".repeat(5000)}] } }\n`],
])("a large %s is merged or refused at once", async (file, content) => {
  // What the processor does for it, however busy the machine is.
  const before = process.cpuUsage();
  const { status } = await mailcowProxy(["merge", "-t", target(file), "--into", file, "--check"], { "mailcow-proxy.yaml": file === "extra.conf" ? ports : relay, [file]: content });
  expect(status).toBe(1);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(30);
});
