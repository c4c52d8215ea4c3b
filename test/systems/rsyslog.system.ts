/** rsyslog with the generated file, fed as Docker's syslog driver does. */
import { createSocket } from "node:dgram";
import { existsSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { attempt } from "../wire/world/command.ts";
import { freshFilesystem } from "../wire/world/filesystem.ts";
import { headCommands } from "../wire/world/head-commands.ts";
import type { ServerProcess } from "../wire/world/process.ts";
import { command, filesFor, place, until } from "./world/output.ts";
import { frame, startRsyslog } from "./world/rsyslog.ts";

const log = "/var/log/mailcow.log";
const port = 524;

function send(protocol: "udp" | "tcp", messages: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    if (protocol === "tcp") {
      const socket = connect(port, "127.0.0.1", () => socket.end(messages.map((message) => `${message}\n`).join(""), done)).once("error", failed);
      return;
    }
    const socket = createSocket("udp4");
    let left = messages.length;
    for (const message of messages) socket.send(message, port, "127.0.0.1", () => void (--left === 0 && socket.close(done)));
  });
}

/** The log's lines, without the time at their beginning. */
const lines = () => readFileSync(log, "utf8").split("\n").slice(0, -1).map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) /, ""));

describe.each(["udp", "tcp"] as const)("%s", (protocol) => {
  let server: ServerProcess | undefined;
  let files: OutputFile[] = [];

  beforeAll(async () => {
    freshFilesystem();
    files = filesFor({ syslog: { protocol }, targets: ["rsyslog"] });
    for (const file of files) place(file);
    server = await startRsyslog();
  });
  afterAll(async () => server?.stop());

  test("the commands of the head run, and create the log with its mode", async () => {
    const [first] = files;
    const commands = headCommands(first?.content ?? "");
    expect(commands.length).toBe(4);
    for (const line of [first?.validate ?? "", ...commands.slice(0, 3)]) expect(command(line), line).toMatchObject({ status: 0 });
    await until("the log", () => existsSync(log) && lines().length > 0);
    expect(command(commands[3] ?? "").text).toMatch(/ mailcow ready\n$/);
    expect((statSync(log).mode & 0o777).toString(8)).toBe("640");
    expect(attempt("stat", "-c", "%G", log).text.trim()).toBe("adm");
  });

  test("lines of containers have the host's time, the container's name and what it said", async () => {
    const before = lines().length;
    await send(protocol, [
      frame("mailcowdockerized-postfix-mailcow-1", "Nov 30 04:31:53 b1946ac9 postfix/smtpd[101]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"),
      // With a terminal, lines end in a carriage return.
      frame("mailcowdockerized-dovecot-mailcow-1", "Nov  3 04:31:53 3f2a dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<x>, rip=203.0.113.66\r"),
      frame("mailcowdockerized-rspamd-mailcow-1", "2026-11-30 04:31:53 #1(main) <abc>; main; rspamd is ready"),
    ]);
    await until("three lines", () => lines().length >= before + 3);
    expect(lines().slice(before).toSorted()).toEqual([
      "mailcowdockerized-dovecot-mailcow-1 dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<x>, rip=203.0.113.66",
      "mailcowdockerized-postfix-mailcow-1 postfix/smtpd[101]: warning: unknown[203.0.113.66]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
      "mailcowdockerized-rspamd-mailcow-1 2026-11-30 04:31:53 #1(main) <abc>; main; rspamd is ready",
    ]);
  });

  test("equal lines stay as many as they are", async () => {
    const before = lines().length;
    await send(protocol, Array.from({ length: 4 }, () => frame("mailcow-x", "Nov 30 04:31:53 h the same")));
    await until("four lines", () => lines().length >= before + 4);
    expect(lines().slice(before)).toEqual(Array.from({ length: 4 }, () => "mailcow-x the same"));
  });

  test("it listens on the loopback address alone", () => {
    const listening = attempt("ss", "-Hlnp", protocol === "udp" ? "-u" : "-t").text.split("\n").filter((line) => line.includes("rsyslogd"));
    expect(listening.map((line) => line.trim().split(/\s+/)[3])).toEqual([`127.0.0.1:${port}`]);
  });
});
