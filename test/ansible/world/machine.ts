/** A machine that Ansible manages: namespaces with the distribution's servers in them. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnInNamespaces } from "../../wire/namespaces.js";

export type Server = "nginx" | "apache2" | "haproxy" | "caddy";

const living = new Set<ChildProcess>();
// SIGKILL to the first process of a namespace ends all of them.
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

export interface Answer {
  /** 0 when there is none. */
  readonly status: number;
  readonly body: string;
  /** The certificate's serial number. */
  readonly serial: string;
}

export class Machine {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param mailcow the addresses, with ports, at which there is a mailcow */
  static async start(mailcow: readonly string[]): Promise<Machine> {
    const script = fileURLToPath(new URL("boot", import.meta.url));
    const addresses = mailcow.map((address) => address.split(":")[0] ?? "").filter((address) => !address.startsWith("127."));
    const child = spawnInNamespaces([script, ...mailcow], { target: "", addresses, env: { NODE: process.execPath } });
    living.add(child);
    child.once("close", () => living.delete(child));
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    await new Promise<void>((ready, failed) => {
      child.stdout.once("data", () => ready());
      child.once("close", () => failed(new Error(`a machine does not start: ${said}`)));
    });
    return new Machine(child);
  }

  /** The process whose namespaces are the machine's. */
  get process(): number {
    return this.#child.pid ?? 0;
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once("close", done));
    this.#child.kill("SIGKILL");
    await ended;
  }

  #at(path: string): string {
    return join(`/proc/${this.process}/root`, path);
  }

  write(path: string, content: string, mode = 0o644): void {
    mkdirSync(dirname(this.#at(path)), { recursive: true });
    writeFileSync(this.#at(path), content);
    chmodSync(this.#at(path), mode);
  }

  read(path: string): string {
    return readFileSync(this.#at(path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(this.#at(path));
  }

  remove(path: string): void {
    rmSync(this.#at(path), { recursive: true });
  }

  /** Octal, as chmod takes it. */
  mode(path: string): string {
    return (statSync(this.#at(path)).mode & 0o7777).toString(8).padStart(4, "0");
  }

  /** The names in a folder. */
  list(path: string): string[] {
    return readdirSync(this.#at(path)).toSorted();
  }

  /** All that the machine's own layer holds but logs: every file and link with its mode, time and content. */
  layer(): string[] {
    const root = this.#at("/run/layers");
    return readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => !/^[^/]+(?:\/[^/]+)?\/work\/|^var\/upper\/(?:log|cache)\//.test(name)).toSorted().flatMap((name) => {
      const file = join(root, name);
      const { mode, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mode: 0, mtimeMs: 0 };
      const what = describe(file);
      return what === undefined ? [] : [`${name} ${mode.toString(8)} ${mtimeMs} ${what}`];
    });
  }

  /** What the stand-ins were called with since the last time this was asked. */
  calls(): string[] {
    const calls = this.read("/run/calls").split("\n").filter((line) => line !== "");
    this.write("/run/calls", "");
    return calls;
  }

  /** Runs a command and returns its standard output; one that fails gives what it said. */
  run(...command: readonly string[]): string {
    const { status, stdout, stderr } = this.#enter(command);
    if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}: ${stdout}${stderr}`);
    return stdout;
  }

  #enter(command: readonly string[]) {
    const namespaces = ["--target", String(this.process), "--mount", "--net", `--pid=/proc/${this.process}/ns/pid_for_children`, "--wd=/"];
    return spawnSync("nsenter", [...namespaces, "env", "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", ...command], { encoding: "utf8", timeout: 120_000 });
  }

  /** A request by https, or http. */
  ask(name: string, scheme = "https"): Answer {
    const port = scheme === "https" ? 443 : 80;
    const { stdout } = this.#enter(["curl", "-sk", "-m", "10", "-w", "\n%{http_code}", "--resolve", `${name}:${port}:127.0.0.1`, `${scheme}://${name}/`]);
    const [body = "", status = ""] = stdout.split(/\n(?=\d+$)/);
    const { stdout: serial } = this.#enter(["sh", "-c", `openssl s_client -connect 127.0.0.1:443 -servername ${name} </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null`]);
    return { status: Number(status), body, serial: serial.trim() };
  }

  /** What tells one reload of a server from the next. */
  generation(server: Server): string {
    return this.#enter(["sh", "-c", generations[server]]).stdout;
  }
}

/** Apache replaces processes by itself, too, and tells of each start. */
const generations: Record<Server, string> = {
  nginx: "pgrep -fx 'nginx: worker process'",
  apache2: "grep -c 'resuming normal operations' /var/log/apache2/error.log",
  haproxy: "cat /run/haproxy.pid",
  caddy: "grep -c '\"msg\":\"load complete\"' /run/caddy/log",
};

function describe(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat?.isFile() === true ? readFileSync(file, "utf8") : undefined;
  }
}
