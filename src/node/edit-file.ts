/** Changes a file that others use: completely or not at all, one run at a time, with a backup. */
import { constants } from "node:fs";
import { type FileHandle, access, copyFile, link, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { dropDeadLock, takeLock } from "./lock.ts";
import { type Edited, SurroundingsError } from "../cli/io.ts";
import { codeOf, failure } from "./failure.ts";
import { refuseSpecial, withoutWaiting } from "./special-file.ts";

/** Milliseconds that a run waits for another one; a run takes about ten. */
const patience = 2000;
const interval = 20;

/**
 * Replaces the file with the result of `change`. The new file is written next to the old one, gets its mode and owner, and
 * is renamed when it is complete; the old file becomes the backup. A symbolic link stays and leads to the new file. If
 * someone changes the file in the meantime, everything starts again.
 *
 * @param create the mode of a new file; without it, a missing file is an error
 * @throws SurroundingsError when this fails; the file is then unchanged
 */
export async function editFile(cwd: string, path: string, change: (before: Uint8Array) => Uint8Array, create?: number): Promise<Edited> {
  try {
    const isNew = create !== undefined && !(await exists(cwd, path));
    const file = isNew ? join(await realpath(dirname(resolve(cwd, path))), basename(path)) : await realpath(resolve(cwd, path));
    if (!isNew && !(await stat(file)).isFile()) throw new SurroundingsError(`cannot write ${path}: it is not a regular file`);
    const beside = join(dirname(file), `.${basename(file)}.mailcow-proxy`);
    const show = (other: string) => join(dirname(path), relative(dirname(resolve(cwd, path)), other));
    const unlock = await lock(`${beside}.lock`, show(`${beside}.lock`), path);
    let taken = false;
    try {
      // Only the holder of the lock uses this name. A killed run may have left a file there, or another user a link.
      await rm(beside, { force: true });
      const handle = await open(beside, "wx", 0o600);
      try {
        // Another run may have made it while this one waited for the lock.
        if (isNew && !(await exists(cwd, path))) {
          const wrote = await place(file, path, { beside, handle }, change(new Uint8Array()), create);
          return { path: show(file), folder: dirname(file), backup: undefined, isNew: wrote };
        }
        const backup = await replace(file, handle, change, async () => {
          await rename(beside, file);
          taken = true;
        });
        return { path: show(file), folder: dirname(file), backup: backup === undefined ? undefined : show(backup) };
      } finally {
        await handle.close();
        if (!taken) await rm(beside, { force: true });
      }
    } finally {
      await unlock();
    }
  } catch (error) {
    throw error instanceof SurroundingsError ? error : failure("write", path, error);
  }
}

/** @returns a function that releases the lock */
async function lock(place: string, shown: string, path: string): Promise<() => Promise<void>> {
  for (const end = Date.now() + patience; ; await setTimeout(interval)) {
    try {
      await takeLock(place);
      return () => rm(place, { force: true });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      if (await dropDeadLock(place)) continue;
      if (Date.now() > end) throw new SurroundingsError(`cannot write ${path}: another run is writing it; if none is running, remove ${shown}, which an earlier run left behind`, { cause: error });
    }
  }
}

/**
 * Puts a new file in place, and replaces none that somebody else has made in the meantime.
 *
 * @returns whether there is something to write
 */
async function place(file: string, shown: string, { beside, handle }: { beside: string; handle: FileHandle }, content: Uint8Array, mode: number): Promise<boolean> {
  if (content.length === 0) return false;
  await handle.writeFile(content);
  await handle.chmod(mode);
  await handle.sync();
  try {
    await keep(beside, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new SurroundingsError(`cannot write ${shown}: another program has just made it; run this again`, { cause: error });
  }
  return true;
}

/** @returns the backup, or undefined when nothing changes */
async function replace(file: string, beside: FileHandle, change: (before: Uint8Array) => Uint8Array, take: () => Promise<void>): Promise<string | undefined> {
  for (;;) {
    await access(file, constants.W_OK);
    const before = await readPlain(file);
    const after = change(before);
    if (before.equals(after)) return undefined;
    await beside.truncate();
    for (let at = 0; at < after.length; ) at += (await beside.write(after, at, after.length - at, at)).bytesWritten;
    await likeness(file, beside);
    // Sync before renaming, so that a power cut cannot leave an empty file under the name.
    await beside.sync();
    if (!(await readPlain(file)).equals(before)) continue;
    const backup = await backUp(file);
    try {
      await take();
    } catch (error) {
      await rm(backup, { force: true });
      throw error;
    }
    return backup;
  }
}

/** Reads the file. Others may have replaced it with a link or a FIFO in the meantime. */
async function readPlain(file: string): Promise<Buffer> {
  const handle = await open(file, withoutWaiting | constants.O_NOFOLLOW);
  try {
    refuseSpecial(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Gives the new file the owner and mode of the old one. */
async function likeness(file: string, beside: FileHandle): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const own = await beside.stat();
  if (own.uid !== uid || own.gid !== gid) await beside.chown(uid, gid);
  await beside.chmod(mode & 0o7777);
}

/** Makes a backup under the first free name, so that no earlier backup is lost. */
async function backUp(file: string): Promise<string> {
  for (let number = 0; ; number++) {
    const backup = number === 0 ? `${file}.bak` : `${file}.bak.${number}`;
    try {
      await keep(file, backup);
      return backup;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Makes a hard link, which keeps all attributes, or a copy on file systems without hard links. */
async function keep(file: string, backup: string): Promise<void> {
  try {
    await link(file, backup);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    await copyFile(file, backup, constants.COPYFILE_EXCL);
  }
}

/**
 * Creates a file that must not exist yet.
 *
 * @throws SurroundingsError when it exists or cannot be written; a partial file is removed
 */
export async function createFile(cwd: string, path: string, content: string): Promise<void> {
  const file = resolve(cwd, path);
  try {
    const handle = await open(file, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw new SurroundingsError(`cannot write ${path}: it already exists`, { cause: error });
    throw failure("write", path, error);
  }
}

/** Whether the name is taken, even by a broken link. */
export async function exists(cwd: string, path: string): Promise<boolean> {
  return await lstat(resolve(cwd, path)).then(
    () => true,
    () => false,
  );
}

/** @throws SurroundingsError when there is no such file */
export async function folderOf(cwd: string, path: string): Promise<string> {
  try {
    return dirname(await realpath(resolve(cwd, path)));
  } catch (error) {
    throw failure("read", path, error);
  }
}
