/** Bringing to the disk what is to survive a power cut. */
import { closeSync, fsyncSync, openSync } from "node:fs";
import { withoutWaiting } from "./special-file.ts";

/** A file and the file system it is on. */
interface OnDevice {
  readonly path: string;
  readonly device: number;
}

/** More files than these are brought to the disk with all else on their file systems, which takes a tenth of the time. */
const fewFiles = 32;

/**
 * Waits until files are on the disk.
 *
 * @param each does what it is given for one of them, and may say more of what it throws
 */
export async function bringToDisk<File extends OnDevice>(files: readonly File[], each: (file: File, action: () => void) => void): Promise<void> {
  if (files.length > fewFiles && (await syncFileSystems(files))) return;
  for (const file of files) each(file, () => syncFile(file.path));
}

function syncFile(path: string): void {
  const file = openSync(path, withoutWaiting);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Node has no syncfs; sync of coreutils and BusyBox is that. False where there is none. */
async function syncFileSystems(files: readonly OnDevice[]): Promise<boolean> {
  const paths = new Map(files.map(({ device, path }) => [device, path]));
  if (process.platform !== "linux") return false;
  const { spawn } = process.getBuiltinModule("node:child_process");
  return new Promise((resolve) => {
    spawn("sync", ["-f", ...paths.values()], { stdio: "ignore" })
      .once("error", () => resolve(false))
      .once("close", (status) => resolve(status === 0));
  });
}
