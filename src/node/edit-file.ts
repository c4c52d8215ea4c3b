/** Changing a file that others use: whole or not at all, one run after the other, with a backup. */
import { constants } from "node:fs";
import { type FileHandle, access, copyFile, link, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { dropDeadLock, takeLock } from "./lock.ts";
import { type Edited, SurroundingsError } from "../cli/io.ts";
import { codeOf, failure } from "./failure.ts";
import { refuseSpecial, withoutWaiting } from "./special-file.ts";

/** Milliseconds that a run waits for another one, which takes some ten. */
const patience = 2000;
const interval = 20;

/**
 * Replaces the file by what `change` makes of it. The new one lies beside it until it is complete, with mode and owner
 * of the old one, and takes its name then; the old one goes on as the backup. A symbolic link stays and leads to the new
 * file. Who changes the file in between makes it start again.
 *
 * @throws SurroundingsError when something stands in the way; the file is as it was then
 */
export async function editFile(cwd: string, path: string, change: (before: Uint8Array) => Uint8Array): Promise<Edited> {
  try {
    const file = await realpath(resolve(cwd, path));
    if (!(await stat(file)).isFile()) throw new SurroundingsError(`cannot write ${path}: it is no plain file`);
    const beside = join(dirname(file), `.${basename(file)}.mailcow-proxy`);
    const show = (other: string) => join(dirname(path), relative(dirname(resolve(cwd, path)), other));
    const unlock = await lock(`${beside}.lock`, show(`${beside}.lock`), path);
    let taken = false;
    try {
      // Who holds the lock is the only run with this name. A killed run may have left a file there, and another user a link.
      await rm(beside, { force: true });
      const handle = await open(beside, "wx", 0o600);
      try {
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

/** @returns what opens the lock again */
async function lock(place: string, shown: string, path: string): Promise<() => Promise<void>> {
  for (const end = Date.now() + patience; ; await setTimeout(interval)) {
    try {
      await takeLock(place);
      return () => rm(place, { force: true });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      if (await dropDeadLock(place)) continue;
      if (Date.now() > end) throw new SurroundingsError(`cannot write ${path}: another run is at it; if there is none, remove ${shown}, which one has left behind`, { cause: error });
    }
  }
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
    // The name must not come to stand for bytes that a power cut would take.
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

/** Reads the file, which others may just have replaced by a link or a FIFO. */
async function readPlain(file: string): Promise<Buffer> {
  const handle = await open(file, withoutWaiting | constants.O_NOFOLLOW);
  try {
    refuseSpecial(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Gives the file beside it the owner and the mode. */
async function likeness(file: string, beside: FileHandle): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  const own = await beside.stat();
  if (own.uid !== uid || own.gid !== gid) await beside.chown(uid, gid);
  await beside.chmod(mode & 0o7777);
}

/** Under the first name that is free, so that no backup is lost either. */
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

/** As another name of the same file, which keeps all there is to it; some file systems have none. */
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
 * Writes a file that must not be there yet.
 *
 * @throws SurroundingsError when it is, or cannot be written; nothing is left then
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
    if (codeOf(error) === "EEXIST") throw new SurroundingsError(`cannot write ${path}: there is such a file already`, { cause: error });
    throw failure("write", path, error);
  }
}

/** Whether there is anything of that name, a link that leads nowhere too. */
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
