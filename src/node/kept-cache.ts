/** The code cache that a run leaves in the user's folder for the next one, where none was shipped for this Node. */
import { lstatSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "node:vm";
import { cacheFolder } from "./cache-folder.ts";
import { cacheExtension, readCache, sealed } from "./code-cache.ts";

/** Commands that take long enough. Each has a cache of its own, since each runs other functions. */
const commands = ["generate", "init", "merge", "validate"];

export interface KeptCache {
  /** What V8 may take; undefined at the first run. */
  readonly data: Buffer | undefined;
  /** Keeps what V8 has compiled of the script by then, at the end of the process. */
  keepOf(script: Script): void;
}

/**
 * @param args the arguments behind the program's name
 * @param source the bytes of the bundle
 * @returns undefined where none is kept
 */
export function keptCache(args: readonly string[], source: Uint8Array): KeptCache | undefined {
  const command = commands.find((word) => word === args[0]);
  // The variable by which Node's own is switched off.
  if (command === undefined || (process.env["NODE_DISABLE_COMPILE_CACHE"] ?? "") !== "") return undefined;
  const folder = cacheFolder(process.env);
  if (folder === undefined) return undefined;
  const file = join(folder, `${command}.${cacheExtension}`);
  return {
    data: isRegular(file) ? readCache(file, source) : undefined,
    keepOf(script) {
      process.once("exit", (status) => {
        // A run that failed has not come to all functions.
        if (status === 0) replace(file, () => sealed(script.createCachedData(), source));
      });
    },
  };
}

/** A FIFO would be waited for. */
function isRegular(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function replace(file: string, content: () => Buffer): void {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, content(), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A full disk, a file system for reading only: the next run tries again.
    rmSync(temporary, { force: true });
  }
}
