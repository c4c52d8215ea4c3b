/** Writes a tree of files, each one completely or not at all. */
import { closeSync, fchmodSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { TreeWriter, Written } from "../cli/io.ts";
import { type FoundFile, isExecutable } from "../comparison/drift.ts";
import { failure } from "./failure.ts";
import { lookUp } from "./files.ts";
import { SpecialFile } from "./special-file.ts";
import { bringToDisk } from "./sync.ts";
import { temporaryName, treeFolders } from "./tree-folders.ts";

/** A complete temporary file next to its destination. */
interface Staged {
  /** The path that is shown to the user. */
  readonly shown: string;
  readonly place: string;
  /** The temporary file. */
  readonly path: string;
  /** The file system it is on. */
  readonly device: number;
}

/**
 * Writes the files that differ. Each is written next to its destination, synced to the disk and then renamed, so that a
 * reader always finds a complete file, old or new, even after a power cut.
 */
export function writeTree(cwd: string, folder: string): TreeWriter {
  const living = new Set<string>();
  const folders = treeFolders(resolve(cwd, folder), folder, (temporary) => living.has(temporary));
  let written: Written[] = [];
  let staged: Staged[] = [];

  function remove(files: readonly Staged[]): void {
    for (const { path } of files) {
      rmSync(path, { force: true });
      living.delete(path);
    }
  }

  return {
    add(files) {
      for (const { path, mode, content } of files) {
        const shown = join(folder, path);
        const place = resolve(cwd, shown);
        trying(shown, () => {
          const { isNew, device } = folders.enter(dirname(place), shown);
          const found = isNew ? undefined : replaceable(place);
          const changed = found?.content !== content || found.executable !== isExecutable(mode);
          if (changed) {
            const temporary = join(dirname(place), temporaryName(basename(place)));
            stage(temporary, content, Number.parseInt(mode, 8));
            living.add(temporary);
            staged.push({ shown, place, path: temporary, device });
          }
          written.push({ path: shown, changed });
        });
      }
    },
    async commit() {
      const [files, result] = [staged, written];
      [staged, written] = [[], []];
      folders.forget();
      try {
        await bringToDisk(files, ({ shown }, action) => trying(shown, action));
        for (const { shown, path, place } of files) {
          trying(shown, () => renameSync(path, place));
          living.delete(path);
        }
        return result;
      } catch (error) {
        remove(files);
        throw error;
      }
    },
    discard() {
      remove(staged);
      [staged, written] = [[], []];
    },
  };
}

/** The file to be replaced. A link to a special file is replaced too. */
function replaceable(place: string): FoundFile | undefined {
  try {
    return lookUp(place);
  } catch (error) {
    if (error instanceof SpecialFile && lstatSync(place).isSymbolicLink()) return undefined;
    throw error;
  }
}

function trying<T>(shown: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw failure("write", shown, error);
  }
}

function stage(temporary: string, content: string, mode: number): void {
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
