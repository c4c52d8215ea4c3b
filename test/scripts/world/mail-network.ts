/** The proxy's host of a mailcow elsewhere, as a tree with a network of its own, and the world around it: mailcow's list of bans, and clients. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pair } from "./certificate.ts";
import { rendered } from "./host.ts";
import { type Outcome, Tree } from "./tree.ts";

/** Where mailcow and the proxy are in the tunnel, and where the proxy listens for clients. */
export const addresses = { mailcow: "10.13.13.2", proxy: "10.13.13.1", public4: "198.51.100.1", public6: "2001:db8:100::1", other4: "198.51.100.2" } as const;

const clients = ["203.0.113.7", "203.0.113.8", "192.0.2.9", "2001:db8:200::7", "2001:db8:200::8", "2001:db8:300::9"] as const;

/** What mailcow answers. */
export interface Answer {
  readonly status?: number;
  readonly body: string;
  /** Before the answer ends, in milliseconds. */
  readonly wait?: number;
  /** Without a length. */
  readonly chunked?: boolean;
}

const mailcow = `
  const { readFileSync, appendFileSync } = require("node:fs");
  const [, folder, tls] = process.argv;
  const { createServer } = require(tls === "" ? "node:http" : "node:https");
  const keys = tls === "" ? {} : { cert: readFileSync(folder + "/cert.pem"), key: readFileSync(folder + "/key.pem") };
  createServer(keys, (request, response) => {
    const { status = 200, body, wait = 0, chunked = false } = JSON.parse(readFileSync(folder + "/answer", "utf8"));
    appendFileSync(folder + "/asked", request.headers.host + request.url + "\\n");
    response.writeHead(status, { ...(chunked ? {} : { "Content-Length": Buffer.byteLength(body) }), ...(status === 301 ? { Location: "/elsewhere" } : {}) });
    setTimeout(() => response.end(body), wait);
  }).listen(tls === "" ? 8080 : 8443, "${addresses.mailcow}", () => console.log("ready"));
`;

const proxy = `
  const { createServer } = require("node:net");
  const ports = [25, 993, 443];
  let left = ports.length;
  for (const port of ports) createServer((socket) => socket.end("220")).listen(port, "::", () => { if (--left === 0) console.log("ready"); });
`;

const client = `
  const { connect } = require("node:net");
  const [, localAddress, host, port] = process.argv;
  const socket = connect({ localAddress, host, port: Number(port), timeout: 1500 });
  const end = (outcome) => { console.log(outcome); process.exit(); };
  socket.on("data", (bytes) => end(bytes.toString() === "220" ? "open" : bytes.toString())).on("timeout", () => end("dropped")).on("error", ({ code }) => end(code));
`;

/** mailcow's services, which greet with the header of PROXY protocol. */
const services = `
  const { createServer } = require("node:net");
  const { inspect } = require("node:util");
  const ports = process.argv.slice(1).map(Number);
  const address = (bytes, at) => bytes[13] >> 4 === 1 ? bytes.subarray(at, at + 4).join(".") : Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(at + 2 * index).toString(16)).join(":");
  let left = ports.length;
  for (const port of ports) createServer((socket) => socket.once("data", (bytes) => {
    const text = bytes.toString("latin1");
    socket.end(port + " " + (text.startsWith("PROXY ") ? "v1 " + text.split(" ")[2] : text.startsWith("\\r\\n\\r\\n\\0") ? "v2 " + address(bytes, 16) : "no header"));
  })).listen(port, "${addresses.mailcow}", () => { if (--left === 0) console.log("ready"); });
`;

export class MailNetwork {
  readonly host = new Tree();
  readonly #folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-mailcow-"));
  readonly #world: number;
  readonly #own: number;
  #mailcow: ChildProcess | undefined;

  private constructor(own: number, world: number) {
    [this.#own, this.#world] = [own, world];
    // Debian's awk is a link to a link there.
    this.host.link("/etc/alternatives/awk", realpathSync("/usr/bin/awk"));
  }

  /** @param listening whether something that greets clients is to be on the proxy's ports */
  static async begin(description: string, listening = true): Promise<MailNetwork> {
    const [own = 0, world = 0] = await Promise.all([0, 1].map(async () => {
      const holder = spawn("unshare", ["--net", "sh", "-c", "echo; exec sleep 600"], { stdio: ["ignore", "pipe", "inherit"] });
      await new Promise((done) => holder.stdout.once("data", done));
      return holder.pid ?? 0;
    }));
    const network = new MailNetwork(own, world);
    for (const { installPath = "", content, mode, path } of rendered(description)) if (path.startsWith("mail-bans/")) network.host.write(installPath, content, Number.parseInt(mode, 8));
    root("ip", ["link", "add", "eth0", "netns", String(own), "type", "veth", "peer", "name", "eth0", "netns", String(world)]);
    const { mailcow: theirs, ...ours } = addresses;
    network.#configure(own, Object.values(ours), ["default dev eth0"]);
    network.#configure(world, [theirs, ...clients], ["default dev eth0"]);
    if (listening) await network.#start(own, proxy);
    return network;
  }

  #configure(pid: number, all: readonly string[], routes: readonly string[]): void {
    const commands = ["ip link set lo up", ...all.map((address) => (address.includes(":") ? `ip -6 addr add ${address}/128 dev eth0 nodad` : `ip addr add ${address}/32 dev eth0`)), "ip link set eth0 up", ...routes.flatMap((route) => [`ip route add ${route}`, `ip -6 route add ${route}`])];
    root("nsenter", [`--net=/proc/${pid}/ns/net`, "sh", "-ec", commands.join("\n")]);
  }

  async #start(pid: number, program: string, ...args: readonly string[]): Promise<ChildProcess> {
    const child = spawn("nsenter", [`--net=/proc/${pid}/ns/net`, process.execPath, "-e", program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((done) => child.stdout.once("data", done));
    return child;
  }

  /** Has mailcow run, over https if it is given a certificate. */
  async serve(pair?: Pair): Promise<void> {
    if (pair !== undefined) for (const [name, content] of [["cert.pem", pair.certificate], ["key.pem", pair.key]] as const) writeFileSync(join(this.#folder, name), content);
    writeFileSync(join(this.#folder, "asked"), "");
    this.#mailcow = await this.#start(this.#world, mailcow, this.#folder, pair === undefined ? "" : "tls");
  }

  /** Has mailcow's services wait for the proxy on these ports. */
  async serveMail(ports: readonly number[]): Promise<void> {
    await this.#start(this.#world, services, ...ports.map(String));
  }

  /** Starts a server on the proxy's host, with the machine's file system. */
  startServer(program: string, ...args: readonly string[]): ChildProcess {
    return spawn("nsenter", [`--net=/proc/${this.#own}/ns/net`, program, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` } });
  }

  async stop(): Promise<void> {
    const child = this.#mailcow;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  }

  answer(answer: Answer): void {
    writeFileSync(join(this.#folder, "answer"), JSON.stringify(answer));
  }

  /** The host and the path of each request since the last time this was asked. */
  asked(): string[] {
    const lines = readFileSync(join(this.#folder, "asked"), "utf8").split("\n").filter((line) => line !== "");
    writeFileSync(join(this.#folder, "asked"), "");
    return lines;
  }

  /** Runs a program of the proxy's host. */
  run(program: string, ...args: readonly string[]): Promise<Outcome> {
    return this.host.run(program, args, { networkOf: this.#own });
  }

  /** nft on the proxy's host. */
  nft(...args: readonly string[]): string {
    return root("nsenter", [`--net=/proc/${this.#own}/ns/net`, "nft", ...args]);
  }

  /** What becomes of a client's connection. */
  async connect(from: string, to: string, port: number): Promise<string> {
    const child = spawn("nsenter", [`--net=/proc/${this.#world}/ns/net`, process.execPath, "-e", client, from, to, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    await new Promise((done) => child.once("close", done));
    return text.trim();
  }

  /** The programs that run on the proxy's host, with their arguments. */
  programs(): { readonly pid: number; readonly command: string }[] {
    const wanted = networkOf(String(this.#own));
    return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && networkOf(pid) === wanted).map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
  }

  end(): void {
    const networks = new Set([this.#own, this.#world].map((pid) => networkOf(String(pid))));
    for (const pid of readdirSync("/proc")) if (/^\d+$/.test(pid) && networks.has(networkOf(pid))) process.kill(Number(pid), "SIGKILL");
    this.host.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @returns what the program prints */
function root(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 26, env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` } });
}

/** What tells one network from another, or nothing for a process that has ended. */
function networkOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
