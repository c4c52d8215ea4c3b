/** The proxy under test, in its namespace, beside the distribution's stock files and another site. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isMap, parseDocument } from "yaml";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { until } from "../../systems/world/output.ts";
import { makeAuthority } from "../../wire/world/certificate.ts";
import { attempt, run } from "../../wire/world/command.ts";
import { proxyId } from "../../wire/world/description.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { type Failure, install } from "../../wire/world/installation.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { type Neighbour, isComplaint, proxy } from "../../wire/world/proxy.ts";
import { clients, proxyAddresses, within } from "./network.ts";
import { Session } from "./session.ts";

/** How one server takes up a change without an end of its connections, and what it ends itself. */
interface Behaviour {
  /** The file with the limits, the limits that are generated, what the tests have instead, and the number of places. */
  readonly limits: { readonly file: string; readonly values: readonly (readonly [generated: RegExp, scaled: string, places: number])[] };
  /** Whether it reads them only when it starts. */
  readonly restarts: boolean;
  /** Seconds after which an idle connection ends then; undefined where it never does. */
  readonly ends: number | undefined;
  reload(): Promise<void>;
}

/** As the distribution's unit does it; the old processes then take no more connections. */
async function asUnit(): Promise<void> {
  const before = workers();
  run("sh", "-c", proxy.reload);
  await until("new workers", () => {
    const after = workers();
    return after.length > 0 && after.every((worker) => !before.includes(worker));
  });
}

/** The processes that take connections. */
function workers(): string[] {
  const main = readFileSync(`/run/${proxyId}.pid`, "utf8").trim();
  const listening = attempt("ip", "netns", "exec", "proxy", "ss", "-Hltnp", "sport = :143").text;
  return [...listening.matchAll(/pid=(\d+)/g)].map(([, worker = ""]) => worker).filter((worker) => worker !== main);
}

let changes = 1000;

/** Traefik watches its file, and says what it has read. */
async function byChange(file: string): Promise<void> {
  const document = parseDocument(readFileSync(file, "utf8"));
  const routers = document.getIn(["tcp", "routers"]);
  const priority = ++changes;
  if (isMap(routers)) for (const { value } of routers.items) if (isMap(value)) value.set("priority", priority);
  // As generate -o writes it. Of a file that is overwritten, Traefik reads the beginning.
  writeFileSync(`${file}.new`, document.toString());
  renameSync(`${file}.new`, file);
  await until("Traefik's reading", () => attempt("ip", "netns", "exec", "proxy", "curl", "-s", "http://127.0.0.1:9180/api/tcp/routers").text.includes(`"priority":${priority}`));
}

/** @param file the generated one that says what becomes of a connection */
function behaviourOf(file: string): Behaviour {
  switch (proxyId) {
    case "haproxy":
      return { limits: { file, values: [[/(?<=timeout tunnel )\d+m/g, "8s", 1], [/(?<=timeout (?:client|server) )\d+m/g, "2s", 2]] }, restarts: false, ends: 8, reload: asUnit };
    case "nginx":
      return { limits: { file, values: [[/(?<=proxy_timeout )\d+m/g, "8s", 1]] }, restarts: false, ends: 8, reload: asUnit };
    case "traefik": {
      // The output sets none: Traefik's own are for http.
      const own = "\n    transport: { respondingTimeouts: { readTimeout: 2s, writeTimeout: 2s, idleTimeout: 2s } }";
      return { limits: { file: "/etc/traefik/traefik.yml", values: [[/(?<=^    address: .*:(?:25|465|587|143|993|110|995|4190)"?)$/gm, own, 16]] }, restarts: true, ends: undefined, reload: () => byChange(file) };
    }
    default:
      throw new Error(`the tests do not know how ${proxyId} passes mail ports on`);
  }
}

export interface RunningProxy {
  /** Commands of the head that failed. */
  readonly failures: readonly Failure[];
  /** What it complained about so far. */
  readonly complaints: readonly string[];
  /** Another site in the same server. */
  readonly neighbour: Neighbour;
  /** Seconds after which an idle connection ends with the limits in seconds. */
  readonly ends: number | undefined;
  reload(): Promise<void>;
  /** Puts the limits from minutes to seconds. */
  scaleLimits(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProxy(files: readonly OutputFile[]): Promise<RunningProxy> {
  // Traefik has another one beside it, which is merged.
  const behaviour = behaviourOf(files.find(({ install: how }) => how === "replaced")?.installPath ?? "");
  await proxy.prepare();
  const { certificate, key } = makeAuthority().issue(["neighbour.example.org"]);
  const [certificateFile, keyFile] = [`${scratch}/neighbour.pem`, `${scratch}/neighbour.key`];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key);
  const neighbour = proxy.addNeighbour(certificateFile, keyFile);
  if (proxyId === "nginx") makeRoom(files[0]?.content ?? "");
  const failures = install(files);
  mkdirSync(`${scratch}/bin`);
  for (const elsewhere of ["docker", "systemctl"]) writeFileSync(`${scratch}/bin/${elsewhere}`, "#!/bin/sh\n", { mode: 0o755 });
  let server: ServerProcess;
  const start = async () => {
    server = startProcess(within("proxy", "proxy", proxy.command));
    await until(`the start of ${proxyId}`, async () => {
      if (!server.running) throw new Error(`${proxyId} has ended:\n${server.printed}`);
      // Traefik listens before it knows what to do with a connection, and leaves it waiting.
      const session = await Session.open({ from: clients[4][0], to: proxyAddresses[4], port: 143 }).catch(() => undefined);
      const greeting = await session?.expect(/^\* OK /, 1).catch(() => undefined);
      session?.close();
      return greeting !== undefined;
    });
  };
  await start();
  return {
    // Those that ask a running server are tried there, and makeRoom has set what is for nginx.conf.
    failures: failures.filter((failure) => !failure.command.startsWith("worker_connections") && attempt("ip", "netns", "exec", "proxy", "env", `PATH=${scratch}/bin:${process.env["PATH"] ?? ""}`, "sh", "-c", failure.command).status !== 0),
    get complaints() {
      return [server.printed, ...proxy.logs.map((log) => attempt("cat", log).text)].join("\n").split("\n").filter(isComplaint);
    },
    neighbour,
    ends: behaviour.ends,
    reload: () => behaviour.reload(),
    async scaleLimits() {
      const { file, values } = behaviour.limits;
      let text = readFileSync(file, "utf8");
      for (const [generated, scaled, places] of values) {
        const found = text.match(generated)?.length ?? 0;
        if (found !== places) throw new Error(`${generated} is ${found} times in ${file}, not ${places} times`);
        text = text.replaceAll(generated, scaled);
      }
      writeFileSync(file, text);
      if (!behaviour.restarts) return behaviour.reload();
      await server.stop();
      await start();
    },
    stop: () => server.stop(),
  };
}

/** What the head of nginx' file says for 2,000 sessions. */
function makeRoom(head: string): void {
  const [, connections, files] = /^# +(worker_connections \d+;) in events \{ \}, and (worker_rlimit_nofile \d+;)/m.exec(head) ?? [];
  if (connections === undefined || files === undefined) throw new Error("the head does not say how many connections nginx needs");
  const main = "/etc/nginx/nginx.conf";
  const stock = readFileSync(main, "utf8");
  writeFileSync(main, `${files}\n${stock.replace(/worker_connections \d+;/, connections)}`);
}
