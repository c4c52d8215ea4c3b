/** Programs that are run to their end. */
import { execFile, spawnSync } from "node:child_process";

export interface Outcome {
  readonly status: number;
  /** Standard output and standard error. */
  readonly text: string;
}

/** Runs a program and returns what it said, whatever its exit status. It only ends what hangs: on a busy machine, all takes its time. */
export function attempt(program: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", timeout: 120_000, maxBuffer: 2 ** 26 });
  if (error !== undefined) throw error;
  return { status: status ?? -1, text: stdout + stderr };
}

/** Runs a program that has to succeed. */
export function run(program: string, ...args: readonly string[]): string {
  const { status, text } = attempt(program, ...args);
  if (status !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${status}:\n${text}`);
  return text;
}

/** Runs a program while the stand-in, which lives in this process, goes on answering; returns its standard output. */
export function attemptAside(program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((done) => execFile(program, args, { timeout: 30_000 }, (_error, stdout) => done(stdout)));
}
