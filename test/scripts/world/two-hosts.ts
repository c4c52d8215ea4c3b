/** Mailcow's host, with a real sshd, and the proxy's host: each has a file system and a network of its own, with a cable between them. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readdirSync, readlinkSync, realpathSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Host, rendered } from "./host.ts";
import type { Outcome, RunOptions } from "./tree.ts";

export const mailAddress = "10.0.0.20";
export const proxyAddress = "10.0.0.10";
/** Another address of the proxy's host, from which its key is refused. */
export const strangeAddress = "10.0.0.11";

const sshd = `
HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile .ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
`;

export class TwoHosts {
  readonly mail: Host;
  readonly proxy: Host;
  readonly #holders: readonly ChildProcess[];

  private constructor(description: string, holders: readonly ChildProcess[]) {
    this.#holders = holders;
    [this.mail, this.proxy] = [new Host(description, { installed: false }), new Host(description, { installed: false })];
    this.proxy.remove("/opt/mailcow-dockerized");
    for (const host of [this.mail, this.proxy]) {
      // What is generated is copied to both, for the administrator to install.
      for (const { path, content } of rendered(description)) host.write(`/root/out/${path}`, content);
      host.standIn("apt-get", "");
      host.write("/etc/group", "root:x:0:\n");
      host.write("/etc/systemd/system/.keep", "");
      // Debian's awk is a link to a link there.
      host.link("/etc/alternatives/awk", realpathSync("/usr/bin/awk"));
    }
  }

  static async begin(description: string): Promise<TwoHosts> {
    const holders = [0, 1].map(() => spawn("unshare", ["--net", "sh", "-c", "echo; exec sleep 600"], { stdio: ["ignore", "pipe", "inherit"] }));
    await Promise.all(holders.map((holder) => new Promise((done) => holder.stdout.once("data", done))));
    const hosts = new TwoHosts(description, holders);
    const [mail = 0, proxy = 0] = holders.map(({ pid }) => pid ?? 0);
    root("ip", "link", "add", "eth0", "netns", String(mail), "type", "veth", "peer", "name", "eth0", "netns", String(proxy));
    for (const [pid, addresses] of [[mail, [mailAddress]], [proxy, [proxyAddress, strangeAddress]]] as const) {
      const commands = [...addresses.map((address) => `ip addr add ${address}/24 dev eth0`), "ip link set eth0 up", "ip link set lo up"];
      root("nsenter", `--net=/proc/${pid}/ns/net`, "sh", "-ec", commands.join("\n"));
    }
    await hosts.#startSshd();
    return hosts;
  }

  async #startSshd(): Promise<void> {
    this.mail.write("/etc/ssh/sshd_config", sshd);
    this.mail.write("/run/sshd/.keep", "");
    this.mail.chmod("/run/sshd", 0o755);
    const made = await this.onMail("ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key");
    if (made.status !== 0) throw new Error(made.said);
    this.begin("mail", "exec /usr/sbin/sshd -D -e 2>/sshd.log");
    for (let tries = 0; !this.mail.has("/sshd.log") || !this.mail.read("/sshd.log").includes("Server listening"); tries++) {
      if (tries > 1200) throw new Error("sshd does not start");
      await setTimeout(50);
    }
  }

  readonly #running: Promise<Outcome>[] = [];

  /** Starts what runs until the end. */
  begin(host: "mail" | "proxy", commands: string, options?: RunOptions): void {
    this.#running.push(host === "mail" ? this.onMail(commands, options) : this.onProxy(commands, options));
  }

  /** Runs root's commands on mailcow's host. */
  onMail(commands: string, options: RunOptions = {}): Promise<Outcome> {
    return this.mail.run("sh", ["-c", `cd /root\n${commands}`], { ...options, networkOf: this.#holders[0]?.pid });
  }

  /** The same on the proxy's host. */
  onProxy(commands: string, options: RunOptions = {}): Promise<Outcome> {
    return this.proxy.run("sh", ["-c", `cd /root\n${commands}`], { ...options, networkOf: this.#holders[1]?.pid });
  }

  async end(): Promise<void> {
    const networks = new Set(this.#holders.map(({ pid }) => networkOf(String(pid))));
    for (const pid of readdirSync("/proc")) if (/^\d+$/.test(pid) && networks.has(networkOf(pid))) process.kill(Number(pid), "SIGKILL");
    await Promise.all(this.#running);
    this.mail.dispose();
    this.proxy.dispose();
  }
}

/** What tells one network from another, or nothing for a process that has ended. */
function networkOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function root(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` } });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stderr}`);
}
