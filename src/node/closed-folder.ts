/** Finds out whether a server's workers, which are not root, can enter a folder. */
import { stat } from "node:fs/promises";
import type { ClosedFolder } from "../core/site/certificate-facts.ts";
import { codeOf } from "./failure.ts";

/**
 * The first folder on the way to an ACME client's tokens that is missing, or that the workers certainly cannot enter; undefined
 * when there is none. A folder of another user or group than root may be theirs, and so may one that this user cannot look at.
 */
export async function closedFolder(webroot: string): Promise<ClosedFolder | undefined> {
  const parents = [...webroot.matchAll(/\//g)].map(({ index }) => webroot.slice(0, index) || "/");
  for (const folder of [...parents, webroot]) {
    const closed = await closedOrMissing(folder);
    if (closed !== undefined) return closed;
  }
  for (const folder of [`${webroot}/.well-known`, `${webroot}/.well-known/acme-challenge`]) {
    const closed = await closedOrMissing(folder);
    // The client creates them when it needs them.
    if (closed !== undefined) return closed.mode === undefined ? undefined : closed;
  }
  return undefined;
}

async function closedOrMissing(folder: string): Promise<ClosedFolder | undefined> {
  try {
    const { mode, uid, gid } = await stat(folder);
    const open = (mode & 0o001) !== 0 || (uid !== 0 && (mode & 0o100) !== 0) || (gid !== 0 && (mode & 0o010) !== 0);
    return open ? undefined : { folder, mode: (mode & 0o7777).toString(8).padStart(4, "0") };
  } catch (error) {
    return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR" ? { folder, mode: undefined } : undefined;
  }
}
