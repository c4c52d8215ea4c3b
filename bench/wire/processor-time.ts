/** The processor time that servers take, whatever else the machine does meanwhile. */
import { readdirSync, readFileSync } from "node:fs";

/** The kernel's unit in /proc, USER_HZ; proc(5). */
const ticksPerSecond = 100;

interface Process {
  readonly group: number;
  /** Seconds, with those of its children that have ended. */
  readonly seconds: number;
}

/** All processes of this PID namespace. */
function processes(): Process[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      // The name comes second, in parentheses, and can hold spaces; the state follows, then parent and group.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ").map(Number);
      const [user = 0, system = 0, usersChildren = 0, systemsChildren = 0] = fields.slice(11, 15);
      return [{ group: fields[2] ?? 0, seconds: (user + system + usersChildren + systemsChildren) / ticksPerSecond }];
    } catch {
      return []; // It has just ended.
    }
  });
}

/** A server and its workers are a process group: see startProcess. */
export function processGroups(): ReadonlySet<number> {
  return new Set(processes().map(({ group }) => group));
}

/** Begins to watch process groups; the function returned says how many seconds of processor time they have taken since. */
export function watchTime(groups: ReadonlySet<number>): () => number {
  const taken = () => processes().filter(({ group }) => groups.has(group)).reduce((sum, { seconds }) => sum + seconds, 0);
  const before = taken();
  return () => taken() - before;
}
