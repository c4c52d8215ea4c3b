/**
 * The folder for what V8 compiled. It runs what it finds there, so that it has to be a folder that nobody but this
 * user and root can change, and the user's own: `sudo` may leave another user's HOME to root.
 */
import { type Stats, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** Undefined where there is no such folder and none can be made. Nothing is said of it, since the program runs without. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const user = process.geteuid?.();
  const base = baseFolder(env);
  if (user === undefined || base === undefined) return undefined;
  try {
    // Of a missing folder its parent has to be fit, which is the home folder, as a rule.
    const existing = lstatSync(base, { throwIfNoEntry: false }) === undefined ? dirname(base) : base;
    if (!isFit(existing, user)) return undefined;
    const folder = join(base, "mailcow-proxy");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isFit(folder, user) ? folder : undefined;
  } catch {
    // It cannot be read or made: a home folder that is not there, a file system for reading only.
    return undefined;
  }
}

/** Where programs of this user keep what they can make again. */
function baseFolder({ XDG_CACHE_HOME: given = "", HOME: home = "" }: Readonly<Record<string, string | undefined>>): string | undefined {
  if (given.startsWith("/")) return given;
  // Users without a home, in containers for one, have the root folder.
  if (!/^\/+[^/]/.test(home)) return undefined;
  return join(home, process.platform === "darwin" ? "Library/Caches" : ".cache");
}

/** Whether the folder is the user's, and it and all above it are closed to others. */
function isFit(folder: string, user: number): boolean {
  let place = realpathSync(folder);
  if (lstatSync(place).uid !== user) return false;
  for (; isClosed(lstatSync(place), user); place = dirname(place)) if (place === dirname(place)) return true;
  return false;
}

function isClosed({ uid, mode }: Stats, user: number): boolean {
  return (uid === 0 || uid === user) && (mode & 0o022) === 0;
}
