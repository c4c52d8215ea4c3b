/**
 * The folder for V8's code caches. V8 runs the code that it finds there. So the folder must belong to this user, and only
 * this user and root may change it. `sudo` may run as root with another user's HOME.
 */
import { type Stats, lstatSync, mkdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Returns undefined if there is no such folder and none can be made. That is no error: the program runs without it. The
 * path has no symbolic link, because the owner of a link could change it after the check.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const user = process.geteuid?.();
  const base = baseFolder(env);
  // With such a umask, a new folder would be of no use, to this program and to others.
  if (user === undefined || base === undefined || (process.umask() & 0o700) !== 0) return undefined;
  try {
    const exists = lstatSync(base, { throwIfNoEntry: false }) !== undefined;
    // If the folder is missing, its parent, usually the home folder, must be fit.
    const parent = fitFolder(exists ? base : dirname(base), user);
    if (parent === undefined) return undefined;
    const folder = join(exists ? parent : join(parent, basename(base)), "mailcow-proxy");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return fitFolder(folder, user);
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

/** The folder's real path, if it belongs to the user, and others cannot change it or a folder above it. */
function fitFolder(folder: string, user: number): string | undefined {
  const real = realpathSync(folder);
  const { uid, mode } = lstatSync(real);
  if (uid !== user || (mode & 0o700) !== 0o700) return undefined;
  for (let place = real; isClosed(lstatSync(place), user); place = dirname(place)) if (place === dirname(place)) return real;
  return undefined;
}

function isClosed({ uid, mode }: Stats, user: number): boolean {
  return (uid === 0 || uid === user) && (mode & 0o022) === 0;
}
