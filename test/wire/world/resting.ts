/** Who has something to do, asked of the kernel. */
import { readdirSync, readFileSync } from "node:fs";

/** Whether no thread of the programs with this name runs or wants to. The namespace's processes are its own. */
export function rests(program: string): boolean {
  const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && read(`/proc/${entry}/comm`)?.trim() === program);
  return processes.flatMap(threads).every((thread) => !/^State:\tR/m.test(read(`${thread}/status`) ?? ""));
}

function threads(process: string): string[] {
  try {
    return readdirSync(`/proc/${process}/task`).map((thread) => `/proc/${process}/task/${thread}`);
  } catch {
    // It has just ended.
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
