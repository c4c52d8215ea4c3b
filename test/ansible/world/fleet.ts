/** The machines of examples/ansible, with the servers of the distribution, certificates and mailcow.conf. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { issue, type Pair } from "../../scripts/world/certificate.ts";
import { root } from "../../support.ts";
import { Controller } from "./controller.ts";
import { Machine } from "./machine.ts";

/** By the example's names, with the mailcow hosts that each reaches. */
const mailcows = {
  "mail.example.org": ["127.0.0.1:8080"],
  "mail.example.net": ["127.0.0.1:8080"],
  "proxy.example.com": ["10.0.0.11:8080", "10.0.0.12:8080"],
  "mail1.example.com": [],
  "mail2.example.com": [],
} as const;

export type Name = keyof typeof mailcows;
export const names = Object.keys(mailcows).filter((name): name is Name => name in mailcows);

/** Where the certificates are, by hostname, and on which machine. */
const certificates = {
  "mail.example.org": { on: "mail.example.org", certificate: "/opt/mailcow-dockerized/data/assets/ssl/cert.pem", key: "/opt/mailcow-dockerized/data/assets/ssl/key.pem" },
  "mail.example.net": { on: "mail.example.net", ...files("mail.example.net") },
  "mail1.example.com": { on: "proxy.example.com", ...files("mail1.example.com") },
  "mail2.example.com": { on: "proxy.example.com", ...files("mail2.example.com") },
} as const;

export type Hostname = keyof typeof certificates;

/** What each hostname is served by. */
export const sites = [
  { hostname: "mail.example.org", on: "mail.example.org", server: "nginx", mailcow: "127.0.0.1:8080" },
  { hostname: "mail.example.net", on: "mail.example.net", server: "apache2", mailcow: "127.0.0.1:8080" },
  { hostname: "mail1.example.com", on: "proxy.example.com", server: "haproxy", mailcow: "10.0.0.11:8080" },
  { hostname: "mail2.example.com", on: "proxy.example.com", server: "haproxy", mailcow: "10.0.0.12:8080" },
] as const;

export const conf = "/opt/mailcow-dockerized/mailcow.conf";
/** Of test/cases/merge/fresh.conf. */
export const freshConf = readFileSync(join(root, "test/cases/merge/fresh.conf"), "utf8");

export class Fleet {
  readonly controller: Controller;
  readonly #machines: ReadonlyMap<string, Machine>;

  private constructor(controller: Controller, machines: ReadonlyMap<string, Machine>) {
    this.controller = controller;
    this.#machines = machines;
  }

  static async start(): Promise<Fleet> {
    const controller = await Controller.make();
    const machines = new Map<string, Machine>();
    const fleet = new Fleet(controller, machines);
    for (const [name, mailcow] of Object.entries(mailcows)) {
      const machine = await Machine.start(mailcow);
      machines.set(name, machine);
      controller.manage(name, machine);
      if (mailcow.length < 2) machine.write(conf, freshConf.replace(/^MAILCOW_HOSTNAME=.*$/m, `MAILCOW_HOSTNAME=${name}`), 0o600);
    }
    for (const { hostname } of sites) fleet.certify(hostname, issue([hostname]));
    fleet.machine("mail.example.org").run("service", "nginx", "start");
    fleet.machine("mail.example.net").run("service", "apache2", "start");
    return fleet;
  }

  machine(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  /** Puts a certificate and its key where the description has them. */
  certify(hostname: Hostname, { certificate, key }: Pair): void {
    const { on, ...paths } = certificates[hostname];
    this.machine(on).write(paths.certificate, certificate);
    this.machine(on).write(paths.key, key, 0o600);
  }

  /** What each machine's own layer holds. */
  layers(): Record<string, string[]> {
    return Object.fromEntries(names.map((name) => [name, this.machine(name).layer()]));
  }

  /** What tells one reload of the servers from the next, by machine. */
  generations(): Record<string, string> {
    return Object.fromEntries(sites.map(({ on, server }) => [on, this.machine(on).generation(server)]));
  }

  /** What the stand-ins were called with on all machines since this was last asked. */
  calls(): string[] {
    return names.flatMap((name) => this.machine(name).calls().map((call) => `${name}: ${call}`));
  }

  async stop(): Promise<void> {
    for (const machine of this.#machines.values()) await machine.stop();
    this.controller.dispose();
  }
}

function files(hostname: string) {
  return { certificate: `/etc/ssl/${hostname}/fullchain.pem`, key: `/etc/ssl/${hostname}/privkey.pem` };
}
