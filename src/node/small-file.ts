/** Reads a file that may be of any kind, without waiting and with a limit on its size. */
import { open } from "node:fs/promises";
import type { FileFault } from "../core/site/certificate-facts.ts";
import { codeOf, reasonOf } from "./failure.ts";
import { withoutWaiting } from "./special-file.ts";

export interface SmallFile {
  /** One character per byte. */
  readonly text: string;
  /** Its type and permissions, as in stat(2). */
  readonly mode: number;
}

/** Bytes. Certificates and keys have a few thousand. */
const maxSize = 1024 * 1024;

export async function readSmallFile(path: string): Promise<{ readonly found: SmallFile } | { readonly fault: FileFault }> {
  try {
    const handle = await open(path, withoutWaiting);
    try {
      const status = await handle.stat();
      if (status.isDirectory()) return { fault: { kind: "folder" } };
      if (!status.isFile()) return { fault: { kind: "special" } };
      const buffer = Buffer.alloc(maxSize + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = (await handle.read(buffer, length)).bytesRead;
      }
      if (length > maxSize) return { fault: { kind: "too-large" } };
      return { found: { text: buffer.toString("latin1", 0, length), mode: status.mode } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return { fault: faults[codeOf(error) ?? ""] ?? { kind: "unreadable", reason: reasonOf(error) } };
  }
}

const faults: Readonly<Record<string, FileFault>> = {
  ENOENT: { kind: "missing" },
  ENOTDIR: { kind: "missing" },
  ELOOP: { kind: "loop" },
  // A socket, or a device without its driver.
  ENXIO: { kind: "special" },
  ENODEV: { kind: "special" },
};
