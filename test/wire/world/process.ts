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

/** Kills what is left, such as the server of a test that was given up while it started. */
export function stopAll(): void {
  for (const { stop } of living) stop();
}

// A run that ends early takes its servers along.
process.once("exit", stopAll);

/**
 * @param command for sh; it has to `exec` the server, so that the process is the server's own
 * @param patience how many milliseconds it has to end when it is asked to: by default, longer than Apache's parent gives its
 *   children before it kills them
 */
export function startProcess(command: string, patience = 12_000): ServerProcess {
  // In a group of its own: a server that is killed leaves its workers, and those would go on serving.
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let printed = "";
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const handle = {
    stop() {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has just ended by itself.
      }
    },
  };
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
      if (patience > 0) child.kill("SIGTERM");
      const killer = setTimeout(handle.stop, patience);
      await ended;
      clearTimeout(killer);
    },
  };
}
