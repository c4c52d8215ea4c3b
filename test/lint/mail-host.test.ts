/** A lint of the output for programs of mailcow's host: what none of it may have, and what would have it. */
import { describe, expect, test } from "vitest";
import { generate } from "../../src/index.ts";
import type { TargetId } from "../../src/core/output/target-id.ts";
import { cases } from "../support.ts";

interface Rule {
  readonly name: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** What breaks it. */
  readonly bad: string;
  /** @returns the lines that break it */
  readonly check: (lines: readonly string[], mode: string) => readonly string[];
}

/** The parameters of a main.cf. */
const parameters = (lines: readonly string[]) => lines.map((line) => /^(\w+) = ?(.*)$/.exec(line)?.slice(1) ?? ["", line]);

/** mailcow's ports that expect PROXY protocol, by its own master.cf and dovecot.conf. */
const proxied = [10025, 10465, 10587, 10143, 10993, 10110, 10995, 14190];
const portsOf = (line: string) => (/^(?:ports=|elements = )/.test(line) ? (line.match(/\d+/g) ?? []).map(Number) : []);

const rules: Readonly<Partial<Record<TargetId, readonly Rule[]>>> = {
  rspamd: [
    { name: "only-for-root", why: "the passwords can be guessed from their hashes", bad: "", check: (_lines, mode) => (mode === "0600" ? [] : [mode]) },
    {
      name: "hashes", why: "a password would be in the file, or nobody could log in", bad: 'password = "secret";',
      check: (lines) => lines.filter((line) => !/^(?:enable_)?password = "\$[12]\$[13-9a-km-uw-z]{32}\$[13-9a-km-uw-z]{52}";$/.test(line)),
    },
    { name: "not-only-read-only", why: "Rspamd takes a password alone for one that allows everything", bad: 'password = "x";', check: (lines) => (lines.some((line) => line.startsWith("enable_password ")) ? [] : lines) },
  ],
  rsyslog: [
    {
      name: "on-loopback", why: "anybody could write to the log, and have addresses banned", bad: 'input(type="imudp" port="524" ruleset="mailcow")',
      check: (lines) => lines.filter((line) => line.startsWith("input(") && !/ address="127\.0\.0\.1" /.test(line)),
    },
    { name: "no-old-input", why: "rsyslog does not know the guide's line, and listens on all addresses", bad: "$TCPServerAddress 127.0.0.1", check: (lines) => lines.filter((line) => /^\$(?!RepeatedMsgReduction off$)/.test(line)) },
    { name: "log-not-for-all", why: "the log has names and addresses of people", bad: 'action(type="omfile" file="/var/log/x")', check: (lines) => lines.filter((line) => line.includes('"omfile"') && !line.includes('fileCreateMode="0640"')) },
    { name: "ruleset-of-its-own", why: "the lines would go to the host's log as well", bad: 'input(type="imudp" address="127.0.0.1" port="524")', check: (lines) => lines.filter((line) => line.startsWith("input(") && !line.includes(' ruleset="mailcow"')) },
  ],
  fail2ban: [
    { name: "forwarded-packets", why: "packets for containers do not come to the host's input", bad: "banaction = nftables[type=allports]", check: (lines) => lines.filter((line) => /^(?:ban)?action/.test(line) && !line.includes("chain_hook=forward")) },
    { name: "table-of-its-own", why: "mailcow's netfilter restarts when somebody moves its rule", bad: "chain = FORWARD", check: (lines) => lines.filter((line) => /^chain\b|iptables/.test(line)) },
    { name: "no-journal", why: "the jail would not read the log", bad: "backend = systemd", check: (lines) => lines.filter((line) => line.startsWith("backend") && line !== "backend = auto") },
    { name: "host-ignored", why: "the host could ban itself", bad: "ignoreip = 192.0.2.1", check: (lines) => lines.filter((line) => line.startsWith("ignoreip") && !line.startsWith("ignoreip = 127.0.0.0/8 ::1 ")) },
    { name: "names-apart", why: "a jail of the host would be changed", bad: "[dovecot]", check: (lines) => lines.filter((line) => line.startsWith("[") && !line.startsWith("[mailcow-")) },
  ],
  "mail-ports": [
    { name: "all-ports", why: "a port that somebody publishes later would be open", bad: "elements = { 10025 }", check: (lines) => (proxied.every((port) => lines.some((line) => portsOf(line).includes(port))) ? [] : lines) },
    {
      name: "only-single-hosts", why: "everybody in the network could send mail through the host", bad: "elements = { 10.13.13.0/24 }",
      check: (lines) => lines.filter((line) => /^elements = \{ \d+\./.test(line) || line.startsWith("-A $chain -s ")).filter((line) => line.includes("/") || line.includes("0.0.0.0")),
    },
    { name: "drops-the-others", why: "nothing would be closed", bad: "counter accept", check: (lines) => (["ip saddr != @proxies counter drop", "-A $chain -j DROP"].some((line) => lines.includes(line)) ? [] : lines) },
    {
      name: "both-ways", why: "Docker's userland proxy takes connections on the host's own address", bad: "type filter hook forward priority 0;",
      check: (lines) => (["hook forward", "hook input"].every((hook) => lines.some((line) => line.includes(hook))) || ["DOCKER-USER", "jump_first \"$1\" INPUT"].every((word) => lines.some((line) => line.includes(word))) ? [] : lines),
    },
    { name: "no-flush-of-others", why: "Docker's rules would be gone", bad: "flush ruleset", check: (lines) => lines.filter((line) => /flush ruleset|-F(?! "\$chain")|-X(?! "\$chain")|delete table (?!inet mailcow_mail_ports_mail_example_org$)/.test(line)) },
  ],
  "local-mta": [
    {
      name: "no-listener", why: "mailcow has port 25, and the host must be no open relay", bad: "inet_interfaces = all\n",
      check: (lines) => (lines.includes("master_service_disable = inet") && lines.includes("inet_interfaces = loopback-only") ? [] : lines),
    },
    { name: "only-sending", why: "a parameter of smtpd, or of who may relay, could make an open relay", bad: "mynetworks = 0.0.0.0/0", check: (lines) => parameters(lines).filter(([name = ""]) => /^(?:smtpd_|mynetworks|relay_domains|permit_)/.test(name) || name === "").map(([, value = ""]) => value) },
    { name: "to-mailcow", why: "the host would deliver mail itself", bad: "relayhost =", check: (lines) => (lines.some((line) => /^relayhost = \[\d+\.\d+\.\d+\.1\]$/.test(line)) ? [] : lines) },
  ],
};

const files = cases("ok").flatMap(({ name, file, bytes }) => generate(bytes, { file }).files.filter(({ target }) => target in rules).map((one) => ({ case: name, ...one })));

/** What is not a comment. */
const linesOf = (content: string) => content.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));

describe.each(Object.entries(rules))("%s", (target, own) => {
  const outputs = files.filter((file) => file.target === target && !/\.(?:logrotate|service|yml)$/.test(file.path) && (target !== "mail-ports" || /\.(?:nft|sh)$/.test(file.path)));

  test("there is something to look at", () => expect(outputs.length).toBeGreaterThan(1));

  test.each(own)("$name: what breaks it is found", ({ bad, check }) => {
    expect(check(linesOf(bad), "0644")).not.toEqual([]);
  });

  test.each(own)("$name holds in every output", ({ check }) => {
    expect(outputs.map(({ case: name, content, mode }) => ({ name, breaks: check(linesOf(content), mode) })).filter(({ breaks }) => breaks.length > 0)).toEqual([]);
  });
});
