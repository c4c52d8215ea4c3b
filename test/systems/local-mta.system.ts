/** The host's Postfix with the generated main.cf, in front of a Postfix with the values of mailcow's that matter to it. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { attempt, run } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { headCommands } from "../wire/world/head-commands.ts";
import { startProcess } from "../wire/world/process.ts";
import { clients, makeNetwork, reaches, within } from "./world/network.ts";
import { command, filesFor, place, until } from "./world/output.ts";

const running: (() => Promise<void>)[] = [];
let files: OutputFile[] = [];

/** Where mail for mailcow's mailboxes ends. */
const maildirs = `${scratch}/mail`;
const mailcow = `${scratch}/mailcow`;

/** Another Postfix, in mailcow's place: it takes mail of its own network for anybody, and of others only for its mailboxes. */
function configureMailcow(): void {
  for (const folder of [mailcow, `${mailcow}/data`, `${mailcow}/queue`, maildirs]) mkdirSync(folder, { recursive: true });
  run("chmod", "755", "/run/wire", scratch, mailcow);
  run("chown", "postfix", `${mailcow}/data`);
  run("chown", "nobody", maildirs);
  run("cp", "/usr/share/postfix/master.cf.dist", `${mailcow}/master.cf`);
  writeFileSync(`${mailcow}/maps`, "root@example.org root/\nme@example.org me/\n");
  writeFileSync(`${mailcow}/main.cf`, `
compatibility_level = 3.6
queue_directory = ${mailcow}/queue
data_directory = ${mailcow}/data
maillog_file = ${scratch}/mailcow.log
maillog_file_prefixes = ${scratch}
myhostname = mail.example.org
mynetworks_style = subnet
inet_interfaces = all
inet_protocols = ipv4
mydestination =
alias_maps =
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination
smtpd_sender_restrictions = permit_mynetworks, reject_unlisted_sender
virtual_mailbox_domains = example.org
virtual_mailbox_base = ${maildirs}
virtual_mailbox_maps = texthash:${mailcow}/maps
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
default_transport = discard
smtpd_peername_lookup = no
`);
  // No chroots: the folders of this one are not made for them.
  run("sed", "-i", "-E", "s/^([a-z]+ +(inet|unix) +[-ny] +[-ny] +)[-ny]/\\1n/", `${mailcow}/master.cf`);
}

/** The mails of a mailbox, whole. */
function mails(mailbox: string): string[] {
  const folder = `${maildirs}/${mailbox}/new`;
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8")) : [];
}

/** Sends as a program of the host does. */
function sendmail(to: string, subject: string): void {
  run("sh", "-c", `printf 'Subject: %s\\n\\nText\\n' "$1" | sendmail "$2"`, "sh", subject, to);
}

const queue = () => attempt("postqueue", "-p").text;

async function startPostfix(folder: string, where: (command: string) => string): Promise<void> {
  const server = startProcess(`exec ${where(`postfix -c ${folder} start-fg`)}`);
  // Its processes have groups of their own, and only it knows them.
  running.push(async () => {
    attempt("postfix", "-c", folder, "stop");
    await server.stop();
  });
  await until(`Postfix of ${folder}`, () => {
    if (!server.running) throw new Error(`Postfix has ended:\n${server.printed}`);
    return attempt("postfix", "-c", folder, "status").status === 0;
  });
}

beforeAll(async () => {
  freshFilesystem();
  makeNetwork();
  configureMailcow();
  files = filesFor({ local_mta: { hostname: "host.example.org", domain: "example.org" }, targets: ["local-mta"] });
  for (const file of files) place(file);
  await startPostfix(mailcow, (line) => within("mailcow", line));
  await until("mailcow's port", () => reaches(clients[0], 25));
});
afterAll(async () => {
  for (const stop of running.toReversed()) await stop();
});

test("its own check accepts the file, without an unknown parameter", () => {
  const [file] = files;
  const { status, text } = command(file?.validate ?? "");
  expect(status).toBe(0);
  expect(text).not.toMatch(/warning|unused/);
  expect(text).toContain("relayhost = [172.22.1.1]");
});

describe("started", () => {
  beforeAll(async () => {
    const [file] = files;
    for (const line of headCommands(file?.content ?? "")) expect(command(line)).toMatchObject({ status: 0 });
    await startPostfix("/etc/postfix", (line) => line);
  });

  test("the host's mail arrives in mailcow, from the domain, whoever sends it", async () => {
    sendmail("me@example.org", "for a mailbox");
    sendmail("root", "from cron");
    const [mail] = await until("the mail", () => (mails("me").length > 0 ? mails("me") : undefined));
    expect(mail).toMatch(/^Return-Path: <root@example\.org>/m);
    expect(mail).toMatch(/^Received: from host\.example\.org \(unknown \[172\.22\.1\.1\]\)/m);
    const [rootMail] = await until("root's mail", () => (mails("root").length > 0 ? mails("root") : undefined));
    expect(rootMail).toMatch(/^Subject: from cron/m);
    await until("an empty queue", () => queue().includes("Mail queue is empty"));
  });

  test("mail for elsewhere goes through mailcow, too", async () => {
    sendmail("someone@example.net", "for elsewhere");
    // mailcow's Postfix has it first, and delivers it then.
    await until("its way through mailcow", () => /to=<someone@example\.net>.*status=sent/.test(readFileSync(`${scratch}/mailcow.log`, "utf8")));
    await until("an empty queue", () => queue().includes("Mail queue is empty"));
  });

  test("it listens on no port, so mailcow can have port 25 on every address", () => {
    const listening = attempt("ss", "-Hlnpt").text.split("\n").filter((line) => line.includes("master"));
    expect(listening).toEqual([]);
    // As the container's port is published.
    const script = "IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 25, Listen => 1) or exit 1";
    expect(attempt("perl", "-MIO::Socket::INET", "-e", script).status).toBe(0);
  });
});
