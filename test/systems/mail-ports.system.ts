/** The firewall for mailcow's mail ports with real rules, in a network with a proxy and another host: who reaches the ports. */
import { writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/core/output/output-file.ts";
import { mailServices } from "../../src/core/site/mail-services.ts";
import { attempt, run } from "../wire/world/command.ts";
import { freshFilesystem, scratch } from "../wire/world/filesystem.ts";
import { headCommands } from "../wire/world/head-commands.ts";
import { type ServerProcess, startProcess } from "../wire/world/process.ts";
import { answering, container, flushRules, makeTunnel, tunnel, within } from "./world/network.ts";
import { command, filesFor, place, until } from "./world/output.ts";

const ports = mailServices.map(({ proxied }) => proxied).toSorted((left, right) => left - right);
/** Published as Docker does, to the container. */
const forwarded = ports.filter((port) => port !== 10_587);
/** As behind Docker's userland proxy: something on the host listens. */
const onHost = 10_587;
/** A plain port of the container. */
const otherPort = 10_026;
const running: ServerProcess[] = [];

function listen(port: number, address: string, where: (perl: string) => string): void {
  const script = `${scratch}/listen-${port}.pl`;
  writeFileSync(script, `use IO::Socket::IP; my $s = IO::Socket::IP->new(LocalHost => '${address}', LocalPort => ${port}, Listen => 9, ReuseAddr => 1, V6Only => 0) or die; while (my $c = $s->accept) { close $c }`);
  running.push(startProcess(`exec ${where(`perl ${script}`)}`));
}

function filesWith(firewall: string): OutputFile[] {
  const all = filesFor({
    mailcow: { http: { bind: tunnel.host }, https: { bind: tunnel.host } },
    proxy: { upstream: { address: tunnel.host }, addresses: [tunnel.proxy] },
    // The firewall closes the other ports as well.
    mail: { address: tunnel.host, ports: [25, 993], firewall },
    targets: ["mail-ports"],
  });
  return all.filter(({ install }) => install === "replaced");
}

/** A command of the unit or a drop-in, without systemd's `-` before it. */
function commandOf(file: OutputFile | undefined, key: string): string {
  return new RegExp(`^${key}=-?(.*)$`, "m").exec(file?.content ?? "")?.[1] ?? "false";
}

/** The ports that a host reaches, of all that expect PROXY protocol. */
const reached = (from: string) => answering(from, tunnel.host, ports);

beforeAll(async () => {
  freshFilesystem();
  makeTunnel(forwarded);
  for (const port of [...forwarded, otherPort]) listen(port, "0.0.0.0", (perl) => within("mailcow", perl));
  listen(onHost, "::", (perl) => perl);
  await until("the listeners", () => reached(tunnel.other).length === ports.length);
});
afterAll(async () => {
  for (const server of running) await server.stop();
});

describe.each(["nftables", "iptables"])("%s", (firewall) => {
  const files = filesWith(firewall);
  const unit = files.find(({ path }) => path.endsWith(".service"));
  const [rules] = files;
  const start = () => expect(command(commandOf(unit, "ExecStart"))).toMatchObject({ status: 0 });

  beforeAll(() => {
    for (const file of files) place(file);
    if (firewall === "nftables") return;
    // As Docker has them when its daemon runs: its own rules let the packets through, behind the chain for others.
    run("iptables", "-I", "FORWARD", "-j", "ACCEPT");
    run("iptables", "-N", "DOCKER-USER");
    run("iptables", "-I", "FORWARD", "-j", "DOCKER-USER");
  });
  afterEach(() => {
    command(commandOf(unit, "ExecStop"));
  });
  afterAll(() => {
    if (firewall === "nftables") return;
    for (const args of [["-F", "FORWARD"], ["-F", "DOCKER-USER"], ["-X", "DOCKER-USER"]]) run("iptables", ...args);
  });

  // The other platform's root file system has no systemd.
  test.runIf(process.env["WIRE_PLATFORM"] === undefined)("systemd and its own check take the files", () => {
    for (const { validate, path } of files) if (validate !== undefined && validate !== null) expect({ path, ...command(validate) }).toEqual({ path, status: 0, text: "" });
  });

  test("Docker starts after it, and not without it", () => {
    expect(unit?.content).toMatch(/^Before=docker\.service$/m);
    expect(unit?.content).toMatch(/^RequiredBy=docker\.service$/m);
  });

  test("without it, everybody reaches all ports", () => {
    expect([reached(tunnel.proxy), reached(tunnel.other)]).toEqual([ports, ports]);
    expect(answering(tunnel.proxy6, tunnel.host6, ports)).toEqual([onHost]);
  });

  test("only the proxy reaches the ports, also after a second run", () => {
    for (const _run of [1, 2]) {
      start();
      expect([reached(tunnel.proxy), reached(tunnel.other)]).toEqual([ports, []]);
      // Also past Docker's DNAT, and from the host itself.
      expect([answering(tunnel.proxy, container, ports), answering(tunnel.other, container, ports)]).toEqual([forwarded, []]);
      expect(["127.0.0.1", tunnel.host, "::1"].map((to) => answering("", to, ports))).toEqual([[onHost], [onHost], [onHost]]);
    }
    const once = attempt("sh", "-c", "nft list ruleset | sed 's/packets .*bytes [0-9]*//'").text;
    expect(once.match(/jump MAILCOW-mail_example_org/g)?.length ?? 0).toBe(firewall === "iptables" ? 6 : 0);
    expect(command(commandOf(unit, "ExecReload"))).toMatchObject({ status: 0 });
    expect(attempt("sh", "-c", "nft list ruleset | sed 's/packets .*bytes [0-9]*//'").text).toBe(once);
  });

  test("nobody reaches them with IPv6, and other ports stay open", () => {
    start();
    expect(answering(tunnel.proxy6, tunnel.host6, ports)).toEqual([]);
    expect(answering(tunnel.other, container, [otherPort])).toEqual([otherPort]);
  });

  test("a container of the host does not reach them either", () => {
    start();
    expect(answering("mailcow", tunnel.host, [onHost])).toEqual([]);
  });

  test("its rules are first, whatever comes later", () => {
    if (firewall === "nftables") return expect(rules?.content).toContain("priority filter - 10");
    start();
    for (const parent of ["FORWARD", "DOCKER-USER", "INPUT"]) run("iptables", "-I", parent, "-s", tunnel.other, "-j", "ACCEPT");
    // An accepted packet of the chain for others goes on in FORWARD.
    start();
    expect(reached(tunnel.other)).toEqual([]);
    for (const parent of ["FORWARD", "DOCKER-USER", "INPUT"]) run("iptables", "-D", parent, "-s", tunnel.other, "-j", "ACCEPT");
  });

  test("a service that removes all rules brings them back, when it starts, reloads and stops", () => {
    const dropIn = files.find(({ path }) => path.endsWith("-nftables.conf"));
    start();
    for (const key of ["ExecStartPost", "ExecReload", "ExecStopPost"]) {
      flushRules(forwarded);
      expect(reached(tunnel.other)).toEqual(ports);
      expect(command(commandOf(dropIn, key))).toMatchObject({ status: 0 });
      expect([reached(tunnel.proxy), reached(tunnel.other)]).toEqual([ports, []]);
    }
  });

  test("the head's commands show it, and nothing is left when it is stopped", () => {
    start();
    const looks = headCommands(rules?.content ?? "").filter((line) => /^(?:nft|iptables) /.test(line));
    expect(looks.length).toBeGreaterThan(0);
    for (const line of looks) expect(command(line)).toMatchObject({ status: 0, text: expect.stringMatching(/10\.13\.13\.1\b|MAILCOW-mail_example_org/) });
    expect(command(commandOf(unit, "ExecStop"))).toMatchObject({ status: 0 });
    expect(attempt("nft", "list", "ruleset").text).not.toMatch(/mailcow_mail_ports|MAILCOW-mail/);
    expect(reached(tunnel.other)).toEqual(ports);
  });
});
