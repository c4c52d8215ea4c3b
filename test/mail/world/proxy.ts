/** The proxy under test, in its namespace, beside the distribution's stock files and another site. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { OutputFile } from "../../../src/core/output/output-file.ts";
import { until } from "../../systems/world/output.ts";
import { makeAuthority } from "../../wire/world/certificate.ts";
import { attempt } from "../../wire/world/command.ts";
import { proxyId } from "../../wire/world/description.ts";
import { scratch } from "../../wire/world/filesystem.ts";
import { type Failure, install } from "../../wire/world/installation.ts";
import { type ServerProcess, startProcess } from "../../wire/world/process.ts";
import { type Neighbour, isComplaint, proxy } from "../../wire/world/proxy.ts";
import { behaviourOf } from "./behaviour.ts";
import { clients, proxyAddresses, within } from "./network.ts";
import { Session } from "./session.ts";

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
  behaviour.makeRoom(files[0]?.content ?? "");
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
    // Those that ask a running server are tried there, and what is for nginx.conf is there already.
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
