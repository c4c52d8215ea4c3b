/** Other processes of this host. */
import { codeOf } from "./failure.ts";

/** Whether there is a process with the number; one that may not be signalled is there, too. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
