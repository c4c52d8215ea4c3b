/** mailcow's host: what Docker publishes by the generated override, and the generated firewall. */
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { place, until } from "../../systems/world/output.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { startProcess } from "../../wire/world/process.ts";
import { type Published, containers, runWithin, startDocker, stopDocker, tunnel, within } from "./network.ts";
import { type Firewall, output } from "./output.ts";
import { Session } from "./session.ts";

export interface MailHost {
  /** For Dovecot. */
  readonly extraConf: string;
  /** Starts the firewall as its unit does, and then Docker, unless the ports are published in another way. */
  protect(firewall: Firewall, options?: { readonly docker: boolean }): void;
  /** Stops the firewall. */
  expose(firewall: Firewall): void;
  /** Publishes the ports by a program on the host instead, on every address, as Docker does where netfilter leads nothing on. */
  publishInUserland(): Promise<() => Promise<void>>;
  /** Gives no packet an answer any more. */
  vanish(): void;
  comeBack(): void;
}

const forwarder = `
const { connect, createServer } = require("node:net");
for (const { port, container, containerPort } of JSON.parse(process.argv[2])) {
  createServer((client) => {
    const upstream = connect(containerPort, container);
    client.on("error", () => upstream.destroy()).on("close", () => upstream.destroy()).pipe(upstream);
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy()).pipe(client);
  }).listen(port, "::");
}
`;

export function makeMailHost(): MailHost {
  const files = output(["mailcow-conf", "mail-ports"]);
  const ports = published(contentOf(files, "docker-compose.override.yml"), contentOf(files, "mailcow.conf"));
  startDocker(ports);
  return {
    extraConf: contentOf(files, "extra.conf"),
    protect(firewall, { docker } = { docker: true }) {
      for (const file of output(["mail-ports"], firewall)) if (file.install === "replaced") place(file);
      unit(firewall, "ExecStart");
      if (docker) startDocker(ports);
    },
    expose: (firewall) => unit(firewall, "ExecStop"),
    async publishInUserland() {
      stopDocker();
      const file = `${scratch}/forwarder.cjs`;
      writeFileSync(file, forwarder);
      const server = startProcess(within("host", "userland", `exec ${process.execPath} ${file} '${JSON.stringify(ports)}'`));
      await until("the userland proxy", async () => {
        const session = await Session.open({ from: tunnel.third, to: tunnel.mailcow, port: 14_190 }).catch(() => undefined);
        session?.close();
        return session !== undefined;
      });
      return async () => {
        await server.stop();
        startDocker(ports);
      };
    },
    vanish: () => void runWithin("host", "nft", "add table ip gone; add chain ip gone everything { type filter hook prerouting priority raw; policy drop; }"),
    comeBack: () => void runWithin("host", "nft", "delete table ip gone"),
  };
}

function contentOf(files: readonly OutputFile[], name: string): string {
  const file = files.find(({ installPath }) => installPath?.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`there is no ${name} in the output`);
  return file.content;
}

/** The ports of a compose file whose variables are in mailcow.conf. */
function published(override: string, mailcowConf: string): Published[] {
  const values = new Map([...mailcowConf.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]));
  const { services }: { readonly services: Readonly<Record<string, { readonly ports: readonly string[] }>> } = parse(override);
  return Object.entries(containers).flatMap(([service, container]) => (services[service]?.ports ?? []).map((text) => {
    const [address = "", port, containerPort] = text.replaceAll(/\$\{([A-Z_]+):-([^}]*)\}/g, (_, key: string, otherwise: string) => values.get(key) ?? otherwise).split(":");
    return { address, port: Number(port), container, containerPort: Number(containerPort) };
  }));
}

/** Runs a command of the firewall's unit. */
function unit(firewall: Firewall, directive: "ExecStart" | "ExecStop"): void {
  const file = output(["mail-ports"], firewall).find(({ installPath }) => installPath?.endsWith(".service"));
  const [, command] = new RegExp(`^${directive}=-?(.*)$`, "m").exec(readFileSync(file?.installPath ?? "", "utf8")) ?? [];
  if (command === undefined) throw new Error(`the unit has no ${directive}`);
  runWithin("host", "sh", "-c", command);
}
