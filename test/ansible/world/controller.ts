/** Ansible, with the collection installed from what a build of it gives. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { install } from "../../installed.ts";
import { root } from "../../support.ts";
import type { Machine } from "./machine.ts";

/** What a run came to. */
export interface Play {
  readonly status: number;
  /** Standard output and standard error. */
  readonly said: string;
  /** The numbers of the recap, by host: ok, changed, failed and so on. */
  readonly recap: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Variables of the inventory, by host. */
export type Inventory = Record<string, Record<string, unknown>>;

export class Controller {
  readonly folder = mkdtempSync(join(tmpdir(), "mailcow-proxy-ansible-"));
  readonly #environment: Record<string, string>;

  private constructor() {
    const path = (name: string) => join(this.folder, name);
    mkdirSync(path("machines"));
    this.#environment = {
      PATH: [path("node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter),
      HOME: this.folder,
      LC_ALL: "C.UTF-8",
      ANSIBLE_COLLECTIONS_PATH: path("collections"),
      ANSIBLE_LOCAL_TEMP: path("tmp"),
      ANSIBLE_REMOTE_TEMP: "/run/ansible",
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_NOCOWS: "1",
      ANSIBLE_SSH_EXECUTABLE: fileURLToPath(new URL("ssh.sh", import.meta.url)),
      ANSIBLE_SSH_TRANSFER_METHOD: "piped",
      ANSIBLE_SSH_ARGS: "",
      ANSIBLE_PIPELINING: "1",
      // Root needs no password for su, and a machine need not have sudo.
      ANSIBLE_BECOME_METHOD: "su",
      MACHINES: path("machines"),
    };
  }

  /** Builds the collection and the program, installs both, and takes the example's playbook. */
  static async make(): Promise<Controller> {
    const controller = new Controller();
    cpSync(join(root, "examples/ansible"), join(controller.folder, "play"), { recursive: true });
    install(controller.folder);
    const galaxy = async (...words: readonly string[]) => {
      const { status, said } = await controller.#run("ansible-galaxy", ["collection", ...words]);
      if (status !== 0) throw new Error(`ansible-galaxy collection ${words.join(" ")} ended with ${status}: ${said}`);
    };
    await galaxy("build", join(root, "integrations/ansible"), "--output-path", controller.folder);
    const archive = readdirSync(controller.folder).find((name) => name.endsWith(".tar.gz")) ?? "";
    await galaxy("install", join(controller.folder, archive), "--offline", "-p", join(controller.folder, "collections"));
    return controller;
  }

  /** Makes a machine known by a name. */
  manage(name: string, machine: Machine): void {
    writeFileSync(join(this.folder, "machines", name), `${machine.process}\n`);
  }

  #path(name: string): string {
    return join(this.folder, "play", name);
  }

  /** Writes a file of the playbook's folder. */
  write(name: string, content: string): void {
    writeFileSync(this.#path(name), content);
  }

  /** The hosts of the example's inventory. */
  inventory(): Inventory {
    const { all }: { all: { hosts: Inventory } } = parse(readFileSync(join(root, "examples/ansible/inventory.yml"), "utf8"));
    return all.hosts;
  }

  /** Replaces the hosts of the inventory. */
  setInventory(hosts: Inventory): void {
    this.write("inventory.yml", stringify({ all: { hosts } }));
  }

  play(...options: readonly string[]): Promise<Play> {
    return this.command("ansible-playbook", "-i", "inventory.yml", "site.yml", "-e", "ansible_python_interpreter=/usr/bin/python3", ...options);
  }

  /** Runs a program of Ansible's in the playbook's folder. */
  async command(program: string, ...words: readonly string[]): Promise<Play> {
    const { status, said } = await this.#run(program, words);
    return { status, said, recap: recapOf(said) };
  }

  #run(program: string, words: readonly string[]): Promise<{ status: number; said: string }> {
    return new Promise((done, failed) => {
      const child = execFile(program, [...words], { cwd: join(this.folder, "play"), env: this.#environment, maxBuffer: 2 ** 26, timeout: 600_000 }, (error, out, err) => {
        if (error !== null && child.exitCode === null) failed(error);
        else done({ status: child.exitCode ?? -1, said: out + err });
      });
    });
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function recapOf(said: string): Play["recap"] {
  const lines = said.split(/^PLAY RECAP \*+$/m)[1]?.split("\n") ?? [];
  return Object.fromEntries(lines.flatMap((line) => {
    const [, host, numbers] = /^(\S+)\s+: (.*)$/.exec(line) ?? [];
    if (host === undefined || numbers === undefined) return [];
    return [[host, Object.fromEntries([...numbers.matchAll(/(\w+)=(\d+)/g)].map(([, name = "", number]) => [name, Number(number)]))]];
  }));
}
