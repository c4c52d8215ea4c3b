/** Keeps the program from waiting on FIFOs, devices and sockets that it finds instead of files. */
import { type Stats, constants } from "node:fs";

/** Flags to open a file of any kind. A normal open of a FIFO would wait for a writer. */
export const withoutWaiting = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The file is not a regular one. The message is the reason, as in "cannot read FILE: it is a FIFO, not a regular file". */
export class SpecialFile extends Error {
  override readonly name = "SpecialFile";
}

/** @throws SpecialFile when it is neither a regular file nor a folder */
export function refuseSpecial(stats: Stats): void {
  if (stats.isFile() || stats.isDirectory()) return;
  throw new SpecialFile(`it is ${kindOf(stats)}, not a regular file`);
}

export function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return "a FIFO";
  return stats.isSocket() ? "a socket" : "a device";
}
