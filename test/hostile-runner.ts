/** The built program as one process with little memory, for run after run on hostile input. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Milliseconds after which a run is stuck, and MiB of what V8 may keep; what it takes is a tenth of the one and less than the other. */
export const patience = 30_000;
export const heap = 300;

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class HostileRunner {
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
