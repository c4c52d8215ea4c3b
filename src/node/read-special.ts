/** Reading a FIFO or a device by its name: perhaps nothing will ever come from it. */
import { type Stats, readSync } from "node:fs";
import { codeOf } from "./failure.ts";
import { SpecialFile, kindOf } from "./special-file.ts";

/** Milliseconds in which all has to come that is to be read. */
const patience = 1000;
const interval = 10;
const chunkSize = 64 * 1024;

/**
 * @param file opened so that reading does not wait
 * @param most bytes after which reading ends
 * @throws SpecialFile when the end does not come in time
 */
export function readSpecial(file: number, stats: Stats, most: number): Uint8Array {
  const end = performance.now() + patience;
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < most) {
    const chunk = Buffer.alloc(Math.min(chunkSize, most - length));
    const read = readWhatIsThere(file, chunk);
    // Before its first writer has come, a FIFO is at its end, too.
    if (read === 0 && (length > 0 || !stats.isFIFO())) break;
    if (read > 0) {
      chunks.push(chunk.subarray(0, read));
      length += read;
    } else if (performance.now() > end) {
      throw new SpecialFile(`it is ${kindOf(stats)}, not a regular file, and its end did not come within a second`);
    } else {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, interval);
    }
  }
  return Buffer.concat(chunks);
}

/** @returns the number of bytes, 0 at the end and -1 when there are none yet */
function readWhatIsThere(file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return -1;
    throw error;
  }
}
