/** The folders of a tree that is written. */
import { type Stats, lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { SurroundingsError } from "../cli/io.ts";
import { codeOf } from "./failure.ts";
import { isAbandoned, ownMark } from "./processes.ts";

/** A folder that files may be written to. */
interface Entered {
  /** Whether this run has made it, so that nothing is in it but what this run puts there. */
  readonly isNew: boolean;
  /** The file system it is on. */
  readonly device: number;
}

export interface TreeFolders {
  /** Makes a folder of the tree, for a file that the user knows as `shown`, and removes what runs that were killed have left in it. */
  enter(folder: string, shown: string): Entered;
  /** Forgets the folders below the top, of which there may be many. */
  forget(): void;
}

/**
 * The tree below a folder; the folder itself may be a link to anywhere, what is in it may not lead out.
 *
 * @param isLiving whether a temporary file, by its path, is one of this run's own
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
    // What has just been made is no link, and nothing has been left in it.
    if (made) return { isNew: true, device };
    if (leadsOut(folder)) throw new SurroundingsError(`cannot write ${shown}: a symbolic link on its way leads out of ${topShown}`);
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

/** What a file is called that lies beside its place. */
export function temporaryName(name: string): string {
  return `.${name}.${ownMark()}`;
}

/** What has the mark of this run and is none of its own is of one that had its number before. */
function isLeftOver(name: string, path: string): boolean {
  const mark = /^\.mailcow.*\.([0-9a-f]{8}\.\d+)$/.exec(name)?.[1];
  if (mark === undefined) return false;
  const made = lstatSync(path, { throwIfNoEntry: false });
  return made !== undefined && (mark === ownMark() || isAbandoned(mark, made.mtimeMs));
}

/**
 * Makes a folder and those above it; Node's own recursive mkdir never ends below /proc.
 *
 * @param above the folder it is in, where that is there already
 */
function makeFolder(path: string, above: Entered | undefined): { readonly made: boolean; readonly device: number } {
  // Nothing is in a new folder, and asking for thousands takes its time.
  const found = above?.isNew === true ? undefined : statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return { made: false, device: found.dev };
  if (above === undefined && dirname(path) !== path) makeFolder(dirname(path), undefined);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have been faster.
    const there: Stats | undefined = codeOf(error) === "EEXIST" ? statSync(path) : undefined;
    if (there?.isDirectory() !== true) throw error;
    return { made: false, device: there.dev };
  }
  return { made: true, device: above?.device ?? statSync(path).dev };
}
