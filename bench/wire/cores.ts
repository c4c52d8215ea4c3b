/** Which processor core does what, and how busy it was. */
import { readFileSync } from "node:fs";
import { run } from "../../test/wire/world/command.ts";

/** Where this process is allowed to run: the first core makes the load and answers as the upstream, the next serves. */
export function cores(): { readonly load: number; readonly server: number } {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  const allowed = list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  const [load = 0, server = load] = allowed;
  return { load, server };
}

/** Moves this process, and those it starts from now on, to a core. */
export function moveTo(core: number): void {
  run("taskset", "--all-tasks", "--cpu-list", "--pid", String(core), String(process.pid));
}

/** A core's time since the machine's start, in the kernel's ticks: [busy, all]. */
function ticks(core: number): readonly [number, number] {
  const line = readFileSync("/proc/stat", "utf8").split("\n").find((line) => line.startsWith(`cpu${core} `)) ?? "";
  // user, nice, system, idle, waiting for disks, interrupts, soft interrupts, stolen; what guests took is in user.
  const all = line.split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = all;
  const sum = all.reduce((left, right) => left + right, 0);
  return [sum - idle - waiting, sum];
}

/** Begins to watch a core; the function returned says which part of the time it was busy. */
export function watch(core: number): () => number {
  const [busyBefore, allBefore] = ticks(core);
  return () => {
    const [busy, all] = ticks(core);
    return (busy - busyBefore) / Math.max(1, all - allBefore);
  };
}
