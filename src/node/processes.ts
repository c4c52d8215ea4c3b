/** Finds out which run owns a temporary file. Hosts and containers may share a folder. */
import { readFileSync, readlinkSync } from "node:fs";
import { codeOf } from "./failure.ts";

/** Milliseconds; no run takes this long. */
const longestRun = 3_600_000;

/** The mark for this process's files: its PID namespace and its PID. */
export function ownMark(): string {
  return `${numbering()}.${process.pid}`;
}

/**
 * Whether the run with this mark has ended.
 *
 * @param since when the file was made, in milliseconds since 1970; for processes of other hosts, only this counts
 */
export function isAbandoned(mark: string, since: number): boolean {
  const [among, pid] = mark.split(".");
  return (among === numbering() && !isRunning(Number(pid))) || Date.now() - since > longestRun;
}

let known: string | undefined;

/** Identifies the PID namespace of this boot; on systems other than Linux, the host. */
function numbering(): string {
  if (known !== undefined) return known;
  let name = process.getBuiltinModule("node:os").hostname();
  try {
    name = `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1")}${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    // There is no /proc.
  }
  return (known = process.getBuiltinModule("node:crypto").hash("sha256", name).slice(0, 8));
}

/** A process that may not be signalled is running too. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
