/** The built program as one process with little memory, for run after run on hostile input. */
import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { install } from "./installed.ts";

/** Milliseconds after which a run is stuck, and MiB of what V8 may keep; what it takes is far less than the one and less than the other. */
export const patience = 120_000;
export const heap = 300;

interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A runner of the program as it is installed in a folder of its own, until the end of the test file that asks for it. */
export function installedRunner(): { readonly home: string; readonly runner: HostileRunner } {
  const home = mkdtempSync(join(tmpdir(), "mailcow-proxy-hostile-"));
  install(home);
  const runner = new HostileRunner(join(home, "node_modules/mailcow-proxy/dist/program.cjs"), home);
  afterAll(() => {
    runner.stop();
    rmSync(home, { recursive: true });
  });
  return { home, runner };
}

class HostileRunner {
  readonly #program: string;
  readonly #cwd: string;
  #child: ChildProcess | undefined;

  /** @param program its bundle */
  constructor(program: string, cwd: string) {
    this.#program = program;
    this.#cwd = cwd;
  }

  /** One run at a time. A process that is stuck or out of memory ends with its signal, and the next run gets a new one. */
  async run(args: readonly string[]): Promise<Ended> {
    const child = (this.#child ??= fork(fileURLToPath(new URL("hostile-runs.js", import.meta.url)), [this.#program], {
      cwd: this.#cwd,
      execArgv: [`--max-old-space-size=${heap}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    }));
    let stderr = "";
    const hear = (text: Buffer) => void (stderr += String(text));
    child.stderr?.on("data", hear);
    const stuck = setTimeout(() => child.kill("SIGTERM"), patience);
    const ended = await new Promise<Ended>((done) => {
      child.once("message", (said: Omit<Ended, "signal">) => done({ ...said, signal: null }));
      child.once("exit", (status, signal) => {
        this.#child = undefined;
        done({ status, signal, stdout: "", stderr });
      });
      child.send(args);
    });
    clearTimeout(stuck);
    child.stderr?.off("data", hear);
    child.removeAllListeners("message").removeAllListeners("exit");
    return ended;
  }

  stop(): void {
    this.#child?.kill();
  }
}
