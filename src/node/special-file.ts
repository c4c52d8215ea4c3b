/** FIFOs, devices and sockets in the place of files: what keeps the program from waiting for them. */
import { type Stats, constants } from "node:fs";

/** How to open a file that may be anything. An ordinary open of a FIFO waits for its writer. */
export const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A file is no regular one. The message is a reason, as in "cannot read FILE: it is a FIFO, not a regular file". */
export class SpecialFile extends Error {
  override readonly name = "SpecialFile";
}

/** @throws SpecialFile for what is neither a regular file nor a folder */
export function refuseSpecial(stats: Stats): void {
  if (stats.isFile() || stats.isDirectory()) return;
  throw new SpecialFile(`it is ${kindOf(stats)}, not a regular file`);
}

export function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return "a FIFO";
  return stats.isSocket() ? "a socket" : "a device";
}
