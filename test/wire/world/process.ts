/** A server process in the foreground. */
import { spawn } from "node:child_process";

export interface ServerProcess {
  /** Everything it has printed so far. */
  readonly printed: string;
  readonly running: boolean;
  /** Ends it: asks first, and kills it when it does not comply. */
  stop(): Promise<void>;
}

const living = new Set<{ stop(): void }>();
// A test file that ends early takes its servers along.
process.once("exit", () => {
  for (const { stop } of living) stop();
});

/** @param command for sh; it has to `exec` the server, so that the process is the server's own */
export function startProcess(command: string): ServerProcess {
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const handle = { stop: () => void child.kill("SIGKILL") };
  living.add(handle);
  void ended.then(() => living.delete(handle));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  return {
    get printed() {
      return printed;
    },
    get running() {
      return child.exitCode === null && child.signalCode === null;
    },
    async stop() {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(killer);
    },
  };
}
