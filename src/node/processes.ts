/** Whose the things are that lie in a folder until a run is done. Hosts and containers may share it. */
import { readFileSync, readlinkSync } from "node:fs";
import { codeOf } from "./failure.ts";

/** Milliseconds that no run takes from its first file to its last. */
const longestRun = 3_600_000;

/** What this process marks its own with: among whose numbers, and its number. */
export function ownMark(): string {
  return `${numbering()}.${process.pid}`;
}

/**
 * Whether nobody works any more on what has the mark.
 *
 * @param since when it was made, in milliseconds since 1970; it alone tells of processes that cannot be seen from here
 */
export function isAbandoned(mark: string, since: number): boolean {
  const [among, pid] = mark.split(".");
  return (among === numbering() && !isRunning(Number(pid))) || Date.now() - since > longestRun;
}

let known: string | undefined;

/** Numbers of processes count in one PID namespace of one boot; other systems than Linux have one for each host. */
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

/** One that may not be signalled is there, too. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
