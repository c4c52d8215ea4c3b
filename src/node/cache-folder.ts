/**
 * The folder for V8's code caches. V8 runs the code that it finds there. So the folder must belong to this user, and only
 * this user and root may change it. `sudo` may run as root with another user's HOME.
 */
import { type Stats, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Returns undefined if there is no such folder and none can be made. That is no error: the program runs without it. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const user = process.geteuid?.();
  const base = baseFolder(env);
  if (user === undefined || base === undefined) return undefined;
  try {
    // If the folder is missing, its parent, usually the home folder, must be fit.
    const existing = lstatSync(base, { throwIfNoEntry: false }) === undefined ? dirname(base) : base;
    if (!isFit(existing, user)) return undefined;
    const folder = join(base, "mailcow-proxy");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isFit(folder, user) ? folder : undefined;
  } catch {
    // For example, the home folder is missing or the file system is read-only.
    return undefined;
  }
}

/** The user's folder for caches. */
function baseFolder({ XDG_CACHE_HOME: given = "", HOME: home = "" }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (given.startsWith("/")) return given;
  // Users without a home, for example in containers, have the root folder.
  if (!/^\/+[^/]/.test(home)) return undefined;
  return join(home, process.platform === "darwin" ? "Library/Caches" : ".cache");
}

/** Whether the folder belongs to the user, and others cannot change it or a folder above it. */
function isFit(folder: string, user: number): boolean {
  let place = realpathSync(folder);
  if (lstatSync(place).uid !== user) return false;
  for (; isClosed(lstatSync(place), user); place = dirname(place)) if (place === dirname(place)) return true;
  return false;
}

function isClosed({ uid, mode }: Stats, user: number): boolean {
  return (uid === 0 || uid === user) && (mode & 0o022) === 0;
}
