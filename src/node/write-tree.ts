/** Writing a tree of files, each whole or not at all. */
import { closeSync, fchmodSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { SurroundingsError, type Written } from "../cli/io.ts";
import type { OutputFile } from "../core/output-file.ts";
import { isExecutable } from "../outputs/drift.ts";
import { codeOf, failure } from "./failure.ts";
import { lookUp } from "./files.ts";
import { isRunning } from "./processes.ts";

/** A file that lies beside its place, complete. */
interface Staged {
  /** As the user knows it. */
  readonly shown: string;
  readonly place: string;
  readonly temporary: string;
  /** The file system it is on. */
  readonly device: number;
}

/**
 * Writes the files that differ. They are written beside their places, brought to the disk and then renamed, so that a
 * reader, and whoever starts the machine after a power cut, finds the old one or the new one, whole.
 *
 * @throws SurroundingsError at the first file that cannot be written; none is in place then, unless renaming failed
 */
export async function writeTree(cwd: string, folder: string, files: readonly Pick<OutputFile, "path" | "mode" | "content">[]): Promise<Written[]> {
  const staged: Staged[] = [];
  const tree = treeAt(resolve(cwd, folder), folder);
  try {
    const written = files.map(({ path, mode, content }) => {
      const shown = join(folder, path);
      const changed = trying(shown, () => {
        const place = resolve(cwd, shown);
        tree.enter(dirname(place), shown);
        const found = lookUp(place);
        if (found?.content === content && found.executable === isExecutable(mode)) return false;
        staged.push(stage(shown, place, content, Number.parseInt(mode, 8)));
        return true;
      });
      return { path: shown, changed };
    });
    await bringToDisk(staged);
    for (const { shown, temporary, place } of staged) trying(shown, () => renameSync(temporary, place));
    return written;
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
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

interface Tree {
  /** Makes a folder of the tree, for a file that the user knows as `shown`, and removes what runs that were killed have left in it. */
  enter(folder: string, shown: string): void;
}

/** The tree below a folder; the folder itself may be a link to anywhere, what is in it may not lead out. */
function treeAt(top: string, topShown: string): Tree {
  const entered = new Set<string>();
  let real: string | undefined;
  return {
    enter(folder, shown) {
      if (entered.has(folder)) return;
      if (folder !== top) this.enter(dirname(folder), shown);
      entered.add(folder);
      // What has just been made is no link, and nothing has been left in it.
      if (makeFolder(folder)) return;
      real ??= realpathSync.native(top);
      if (!`${realpathSync.native(folder)}/`.startsWith(real === "/" ? real : `${real}/`)) {
        throw new SurroundingsError(`cannot write ${shown}: a symbolic link on its way leads out of ${topShown}`);
      }
      for (const name of readdirSync(folder)) if (isLeftOver(name)) rmSync(join(folder, name), { force: true });
    },
  };
}

/** What `stage` calls the files that lie beside their places. */
const temporaryName = /^\.mailcow.*\.(\d+)$/;

/** This run has none yet where it enters; in containers, the run that was killed often had its number. */
function isLeftOver(name: string): boolean {
  const pid = Number(temporaryName.exec(name)?.[1]);
  return !Number.isNaN(pid) && (pid === process.pid || !isRunning(pid));
}

function stage(shown: string, place: string, content: string, mode: number): Staged {
  const temporary = join(dirname(place), `.${basename(place)}.${process.pid}`);
  const file = openSync(temporary, "wx", 0o600);
  try {
    writeFileSync(file, content);
    fchmodSync(file, mode);
    return { shown, place, temporary, device: fstatSync(file).dev };
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Makes a folder and those above it; Node's own recursive mkdir never ends below /proc.
 *
 * @returns whether it was not there
 */
function makeFolder(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return false;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    // Another run may have been faster.
    if (codeOf(error) !== "EEXIST" || !statSync(path).isDirectory()) throw error;
    return false;
  }
}

/**
 * A name must not come to stand for bytes that a power cut would take. The disk is waited for once for each file, or
 * for many of them once for their file systems, which takes a tenth of the time.
 */
async function bringToDisk(staged: readonly Staged[]): Promise<void> {
  if (staged.length > fewFiles && (await syncFileSystems(staged))) return;
  for (const { shown, temporary } of staged) {
    trying(shown, () => {
      const file = openSync(temporary, "r");
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    });
  }
}

const fewFiles = 32;

/** Node has no syncfs; sync of coreutils and BusyBox is that. False where there is none. */
async function syncFileSystems(staged: readonly Staged[]): Promise<boolean> {
  const paths = new Map(staged.map(({ device, temporary }) => [device, temporary]));
  if (process.platform !== "linux") return false;
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    spawn("sync", ["-f", ...paths.values()], { stdio: "ignore" })
      .once("error", () => resolve(false))
      .once("close", (status) => resolve(status === 0));
  });
}
