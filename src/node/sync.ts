/** Writes files through to the disk, so that they survive a power cut. */
import { closeSync, fsyncSync, openSync } from "node:fs";
import { withoutWaiting } from "./special-file.ts";

/** A file and the file system it is on. */
interface OnDevice {
  readonly path: string;
  readonly device: number;
}

/** With more files than this, their whole file systems are synced, which takes a tenth of the time. */
const fewFiles = 32;

/**
 * Waits until files are on the disk.
 *
 * @param each runs the action for one file, and may add to the errors it throws
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

/** Runs the `sync` command of coreutils or BusyBox, since Node has no syncfs. Returns false when that fails. */
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
