/** A lock that names its holder: a symbolic link to the name of a process. Creating a link is atomic. */
import { link, lstat, readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { isAbandoned, ownMark } from "./processes.ts";

/** @throws the system's error; EEXIST when another process holds the lock */
export async function takeLock(place: string): Promise<void> {
  await symlink(`${hostname()}:${ownMark()}`, place);
}

/** Removes the lock of a process that no longer runs. Returns whether it removed one. */
export async function dropDeadLock(place: string): Promise<boolean> {
  const holder = await holderOf(place);
  if (holder === undefined || !(await isDead(holder, place))) return false;
  // Two runs may get here together, so the one that moves the lock away checks what it moved.
  const aside = `${place}.${ownMark()}`;
  try {
    await rename(place, aside);
  } catch {
    return false;
  }
  if ((await holderOf(aside)) !== holder) await link(aside, place).catch(() => {});
  await rm(aside, { force: true });
  return true;
}

async function holderOf(place: string): Promise<string | undefined> {
  return await readlink(place).catch(() => undefined);
}

async function isDead(holder: string, place: string): Promise<boolean> {
  const made = await lstat(place).catch(() => undefined);
  return made !== undefined && isAbandoned(holder.slice(holder.lastIndexOf(":") + 1), made.mtimeMs);
}
