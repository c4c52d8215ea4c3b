/** Reads a FIFO or a device by its name. It may never deliver any data. */
import { type Stats, readSync } from "node:fs";
import { codeOf } from "./failure.ts";
import { SpecialFile, kindOf } from "./special-file.ts";

/** Milliseconds after which reading gives up. */
const patience = 1000;
const interval = 10;
const chunkSize = 64 * 1024;

/**
 * @param file a descriptor opened for reading without waiting
 * @param most the bytes after which reading stops
 * @throws SpecialFile when the end is not reached in time
 */
export function readSpecial(file: number, stats: Stats, most: number): Uint8Array {
  const end = performance.now() + patience;
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < most) {
    const chunk = Buffer.alloc(Math.min(chunkSize, most - length));
    const read = readWhatIsThere(file, chunk);
    // A FIFO also reports its end while it has no writer yet.
    if (read === 0 && (length > 0 || !stats.isFIFO())) break;
    if (read > 0) {
      chunks.push(chunk.subarray(0, read));
      length += read;
    } else if (performance.now() > end) {
      throw new SpecialFile(`it is ${kindOf(stats)}, not a regular file, and did not end within a second`);
    } else {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, interval);
    }
  }
  return Buffer.concat(chunks);
}

/** @returns the number of bytes, 0 at the end, -1 when there is no data yet */
function readWhatIsThere(file: number, chunk: Buffer): number {
  try {
    return readSync(file, chunk);
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return -1;
    throw error;
  }
}
