/**
 * One configuration of one server, in namespaces of its own: starts the upstream and the server, and measures what
 * standard input asks for. Everything in and out is a line of JSON.
 */
import { appendFileSync, mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { run } from "../../test/wire/world/command.ts";
import { renderValid } from "../../test/wire/world/description.ts";
import { freshFilesystem } from "../../test/wire/world/filesystem.ts";
import { install, placePair } from "../../test/wire/world/installation.ts";
import { isListenedTo } from "../../test/wire/world/listening.ts";
import { startProcess } from "../../test/wire/world/process.ts";
import { proxy } from "../../test/wire/world/proxy.ts";
import { endpoints, sleep, startServer } from "../../test/wire/world/world.ts";
import { cores, moveTo, watch } from "./cores.ts";
import { installGuide } from "./guide.ts";
import { loads, type Measured } from "./load.ts";
import { processGroups, watchTime } from "./processor-time.ts";

/** What run.js starts this with. */
export interface Task {
  /** The configuration; "alone" is the upstream in the server's place. */
  readonly configuration: "guide" | "generated" | "alone";
  /** This folder. */
  readonly folder: string;
  /** A folder on the machine's disk, for the logs. */
  readonly logs: string;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** A line of standard input. */
export interface Question {
  readonly load: string;
  readonly seconds: number;
}

/** The line that answers it. */
export type Sample = Measured & {
  /** The part of the time that the server's core was busy. */
  readonly busy: number;
  /** What a request took of the server's processor time, in microseconds. */
  readonly cost: number;
};

const task: Task = JSON.parse(process.argv[2] ?? "{}");
const { load, server } = cores();
const url = `https://mail.example.org${task.configuration === "alone" ? ":8443" : ""}/`;

moveTo(load);
const { servers, stop } = await start();
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const question: Question = JSON.parse(line);
  console.log(JSON.stringify(measure(question)));
}
await stop();
// The collector of log lines would go on.
process.exit();

/** @returns the process groups of the server that is measured, and what ends everything */
async function start(): Promise<{ readonly servers: ReadonlySet<number>; readonly stop: () => Promise<void> }> {
  const { site, outputs } = renderValid("hostname: mail.example.org\n");
  freshFilesystem();
  logTo(task.logs);
  appendFileSync("/etc/hosts", `127.0.0.1 ${site.hostname}\n`);
  placePair(task, site.tls);
  if (task.configuration === "alone") moveTo(server);
  const before = processGroups();
  const upstream = startProcess(`exec nginx -c ${task.folder}/upstream.conf -g 'daemon off;'`);
  while (!isListenedTo({ host: "127.0.0.1", port: 8443 })) {
    if (!upstream.running) throw new Error(`the upstream does not start:\n${upstream.printed}`);
    await sleep(20);
  }
  moveTo(load);
  if (task.configuration === "alone") return { servers: addedTo(before), stop: () => upstream.stop() };

  await proxy.prepare();
  if (task.configuration === "guide") installGuide(`${task.folder}/guide`, task.certificate + task.key);
  else install(outputs);
  moveTo(server);
  const others = processGroups();
  const running = await startServer(task.configuration === "guide" ? [{ host: "127.0.0.1", port: 443 }] : endpoints(site), new Set());
  moveTo(load);
  return {
    servers: addedTo(others),
    async stop() {
      await running.stop();
      await upstream.stop();
    },
  };
}

/** The tests' layers over /var, which no server has, would make a line of the log dearer than its disk does. */
function logTo(folder: string): void {
  for (const server of ["nginx", "apache2"]) {
    mkdirSync(`${folder}/${server}`);
    mkdirSync(`/var/log/${server}`, { recursive: true });
    run("mount", "--bind", `${folder}/${server}`, `/var/log/${server}`);
  }
}

function addedTo(before: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...processGroups()].filter((group) => !before.has(group)));
}

function measure({ load, seconds }: Question): Sample {
  const generate = loads[load];
  if (generate === undefined) throw new Error(`no such load: ${load}`);
  const busy = watch(server);
  const time = watchTime(servers);
  const measured = generate(url, seconds);
  return { ...measured, busy: busy(), cost: (time() * 1e6) / measured.requests };
}
