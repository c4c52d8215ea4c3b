/** Makes and checks the folders of an output tree. */
import { type Stats, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SurroundingsError } from "../cli/io.ts";
import { codeOf } from "./failure.ts";
import { isAbandoned, ownMark } from "./processes.ts";

/** A folder that files can be written to. */
interface Entered {
  /** Whether this run made it, so that it contains only this run's files. */
  readonly isNew: boolean;
  /** The file system it is on. */
  readonly device: number;
}

export interface TreeFolders {
  /** Makes a folder for a file, shown to the user as `shown`, and removes what killed runs have left there. */
  enter(folder: string, shown: string): Entered;
  /** Forgets all folders below the top, to free memory. */
  forget(): void;
}

/**
 * The tree below a folder. The folder itself may be a link to anywhere, but links in it may not lead out of it.
 *
 * @param isLiving whether the temporary file at a path belongs to this run
 */
export function treeFolders(top: string, topShown: string, isLiving: (temporary: string) => boolean): TreeFolders {
  let entered = new Map<string, Entered>();
  let real: string | undefined;

  function leadsOut(folder: string): boolean {
    real ??= realpathSync.native(top);
    return !`${realpathSync.native(folder)}/`.startsWith(real === "/" ? real : `${real}/`);
  }

  function open(folder: string, shown: string): Entered {
    const above = folder === top ? undefined : enter(dirname(folder), shown);
    const { made, device } = makeFolder(folder, above);
    // A folder that was just made is not a link, and has no leftovers.
    if (made) return { isNew: true, device };
    if (leadsOut(folder)) throw new SurroundingsError(`cannot write ${shown}: a symbolic link in its path leads out of ${topShown}`);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (isLeftOver(name, path) && !isLiving(path)) rmSync(path, { force: true });
    }
    return { isNew: false, device };
  }

  function enter(folder: string, shown: string): Entered {
    const known = entered.get(folder) ?? open(folder, shown);
    entered.set(folder, known);
    return known;
  }

  return {
    enter,
    forget() {
      const known = entered.get(top);
      entered = new Map(known === undefined ? [] : [[top, known]]);
    },
  };
}

/** The name of a temporary file next to its destination. */
export function temporaryName(name: string): string {
  return `.${name}.${ownMark()}`;
}

/** Whether an ended run left the file. A file with this run's own mark is from an earlier run with the same PID. */
function isLeftOver(name: string, path: string): boolean {
  const mark = /^\.mailcow.*\.([0-9a-f]{8}\.\d+)$/.exec(name)?.[1];
  if (mark === undefined) return false;
  const made = lstatSync(path, { throwIfNoEntry: false });
  return made !== undefined && (mark === ownMark() || isAbandoned(mark, made.mtimeMs));
}

/**
 * Makes a folder and its parents. Node's own recursive mkdir never returns below /proc.
 *
 * @param above the parent folder, if it exists already
 */
function makeFolder(path: string, above: Entered | undefined): { readonly made: boolean; readonly device: number } {
  // A new parent is empty, and thousands of stat calls would take time.
  const found = above?.isNew === true ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return { made: false, device: found.dev };
  if (above === undefined && dirname(path) !== path) makeFolder(dirname(path), undefined);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it in the meantime.
    const there: Stats | undefined = codeOf(error) === "EEXIST" ? statSync(path) : undefined;
    if (there?.isDirectory() !== true) throw error;
    return { made: false, device: there.dev };
  }
  return { made: true, device: above?.device ?? statSync(path).dev };
}
