/** A lock that says who holds it: a symbolic link, which comes into being whole, to the name of a process. */
import { link, readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { isRunning } from "./processes.ts";

/** @throws the system's error, EEXIST when somebody holds the lock */
export async function takeLock(place: string): Promise<void> {
  await symlink(`${hostname()}:${process.pid}`, place);
}

/** Removes the lock of a process of this host that is no more; says whether there was one. */
export async function dropDeadLock(place: string): Promise<boolean> {
  const holder = await holderOf(place);
  if (holder === undefined || !isDead(holder)) return false;
  // Two runs may have found it so. The one that moves it away looks again at what it has got.
  const aside = `${place}.${process.pid}`;
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

/** A process of another host, or of a container with a name of its own, is none of this one's. */
function isDead(holder: string): boolean {
  const [, host, pid] = /^(.*):(\d+)$/.exec(holder) ?? [];
  return host === hostname() && !isRunning(Number(pid));
}
