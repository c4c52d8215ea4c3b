/** fail2ban with the generated jails, the distribution's own filters and rsyslog's log: a banned client's packets do not reach the container. */
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { attempt } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { headCommands } from "../wire/world/head-commands.ts";
import { type ServerProcess, startProcess } from "../wire/world/process.ts";
import { clients, makeNetwork, reaches, within } from "./world/network.ts";
import { command, filesFor, place, until } from "./world/output.ts";
import { frame, startRsyslog } from "./world/rsyslog.ts";

const [guessing, other] = clients;
const running: ServerProcess[] = [];
let files: OutputFile[] = [];

const ask = (...args: readonly string[]) => attempt("fail2ban-client", ...args);

function send(messages: readonly string[]): Promise<void> {
  const socket = createSocket("udp4");
  let left = messages.length;
  return new Promise((done) => {
    for (const message of messages) socket.send(message, 524, "127.0.0.1", () => void (--left === 0 && socket.close(() => done())));
  });
}

/** Failed logins as mailcow's containers report them. One by IMAP is two lines. */
const failures = {
  imap: (address: string) => [
    frame("mailcowdockerized-dovecot-mailcow-1", `Nov 30 04:31:53 3f2a dovecot: auth-worker(77): conn unix:auth-worker (pid=1,uid=401): auth-worker<9>: sql(me@example.org,${address},<abc>): Password mismatch\r`),
    frame("mailcowdockerized-dovecot-mailcow-1", `Nov 30 04:31:53 3f2a dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<me@example.org>, method=PLAIN, rip=${address}, lip=172.22.1.250, TLS, session=<abc>\r`),
  ],
  smtp: (address: string) => [frame("mailcowdockerized-postfix-mailcow-1", `Nov 30 04:31:53 b194 postfix/submission/smtpd[101]: warning: unknown[${address}]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=me@example.org`)],
};

/** Lines that count for a jail. */
const failed = (jail: string) => Number(/Total failed:\s*(\d+)/.exec(ask("status", jail).text)?.[1] ?? -1);
const banned = (jail: string) => /Banned IP list:\s*(.*)/.exec(ask("status", jail).text)?.[1]?.trim();

beforeAll(async () => {
  freshFilesystem();
  makeNetwork();
  const isDebian12 = process.env["WIRE_PLATFORM"] === undefined;
  files = filesFor({ syslog: {}, fail2ban: { maxretry: 6 }, targets: ["rsyslog", "fail2ban"] });
  for (const file of files) place(file);
  // The log of the jail that Debian 12 enables itself.
  if (isDebian12) writeFileSync("/var/log/auth.log", "");
  mkdirSync("/run/fail2ban", { recursive: true });
  running.push(await startRsyslog());
  const listen = (port: number) => `use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalPort => ${port}, Listen => 9, ReuseAddr => 1) or die; while (my $c = $s->accept) { close $c }`;
  for (const port of [25, 143]) {
    writeFileSync(`${scratch}/${port}.pl`, listen(port));
    running.push(startProcess(`exec ${within("mailcow", `perl ${scratch}/${port}.pl`)}`));
  }
  await until("the container's ports", () => reaches(other, 25) && reaches(other, 143));
});
afterAll(async () => {
  for (const server of running.toReversed()) await server.stop();
});

test("without the log, its own check refuses all jails", () => {
  const jail = files.find(({ target }) => target === "fail2ban");
  expect(command(jail?.validate ?? "").status).not.toBe(0);
});

describe("with the log", () => {
  beforeAll(async () => {
    expect(command(headCommands(files[0]?.content ?? "")[2] ?? "")).toMatchObject({ status: 0 });
    const jail = files.find(({ target }) => target === "fail2ban");
    await until("the log", () => attempt("test", "-s", "/var/log/mailcow.log").status === 0);
    expect(command(jail?.validate ?? "")).toMatchObject({ status: 0 });
    const server = startProcess("exec fail2ban-server -f -x start");
    running.push(server);
    await until("fail2ban", () => {
      if (!server.running) throw new Error(`fail2ban has ended:\n${server.printed}`);
      return ask("status", "mailcow-postfix-sasl").status === 0;
    });
  });

  test.each([["mailcow-dovecot", "imap", 143, 2], ["mailcow-postfix-sasl", "smtp", 25, 1]] as const)("%s bans", async (jail, kind, port, each) => {
    expect([reaches(guessing, port), reaches(other, port)]).toEqual([true, true]);
    await send(Array.from({ length: 6 / each - 1 }, () => failures[kind](guessing)).flat());
    await until("the lines", () => failed(jail) === 6 - each);
    expect([banned(jail), reaches(guessing, port)]).toEqual(["", true]);
    await send(failures[kind](guessing));
    await until("the ban", () => banned(jail) === guessing);
    // The ban holds for every port of the container, and for nobody else.
    await until("the table", () => !reaches(guessing, port));
    expect([25, 143].map((one) => reaches(guessing, one === 25 ? 25 : 143))).toEqual([false, false]);
    expect([reaches(other, 25), reaches(other, 143)]).toEqual([true, true]);
    expect(ask("unban", guessing)).toMatchObject({ status: 0 });
    await until("the end of the ban", () => reaches(guessing, port));
  });

  test("the host and mailcow's containers are never banned", async () => {
    await send(["127.0.0.1", "172.22.1.250", "fd4d:6169:6c63:6f77::c"].flatMap((address) => Array.from({ length: 8 }, () => failures.smtp(address)).flat()));
    await send(Array.from({ length: 6 }, () => failures.smtp(other)).flat());
    await until("a later ban", () => banned("mailcow-postfix-sasl") === other);
    ask("unban", other);
  });

  test("the command of the head shows the jail, and the bans have a table of their own", () => {
    const commands = headCommands(files.find(({ target }) => target === "fail2ban")?.content ?? "");
    expect(command(commands[2] ?? "")).toMatchObject({ status: 0, text: expect.stringContaining("mailcow-dovecot") });
    expect(attempt("nft", "list", "tables").text).toContain("table inet f2b-mailcow");
    expect(attempt("nft", "list", "table", "inet", "f2b-mailcow").text).toContain("type filter hook forward");
  });
});
