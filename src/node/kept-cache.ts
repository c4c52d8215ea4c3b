/** The code cache that a run keeps in the user's folder for the next one, if the package has none for this Node. */
import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "node:vm";
import { cacheFolder } from "./cache-folder.ts";
import { cacheExtension, readCache, sealed } from "./code-cache.ts";

/** The commands that take long enough. Each has its own cache, because each runs other functions. */
const commands = ["generate", "init", "merge", "validate"];

export interface KeptCache {
  /** The cache for V8; undefined on the first run. */
  readonly data: Buffer | undefined;
  /** At the end of the process, keeps what V8 has compiled of the script by then. */
  keepOf(script: Script): void;
}

/**
 * @param args the arguments behind the program's name
 * @param source the bytes of the bundle
 * @returns undefined if no cache is kept
 */
export function keptCache(args: readonly string[], source: Uint8Array): KeptCache | undefined {
  const command = commands.find((word) => word === args[0]);
  // The same variable turns off Node's own cache.
  if (command === undefined || (process.env["NODE_DISABLE_COMPILE_CACHE"] ?? "") !== "") return undefined;
  const folder = cacheFolder(process.env);
  if (folder === undefined) return undefined;
  const file = join(folder, `${command}.${cacheExtension}`);
  return {
    data: isOwnFile(file) ? readCache(file, source) : undefined,
    keepOf(script) {
      process.once("exit", (status) => {
        // A failed run has not reached all functions.
        if (status === 0) replace(file, () => sealed(script.createCachedData(), source));
      });
    },
  };
}

/** Reading a FIFO would block, and only the user may have written the file. */
function isOwnFile(file: string): boolean {
  try {
    const stats = lstatSync(file);
    return stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

function replace(file: string, content: () => Buffer): void {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, content(), { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch {
    // For example, the disk is full or read-only, or a killed run left this file. The next run tries again.
    remove(temporary);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It stays, and the exit status must not change for it.
  }
}
