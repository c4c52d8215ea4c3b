// @ts-check
/** Where the tests keep what they have downloaded. */
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** A folder of this user's for tests: what the program keeps has to be closed to others, and /tmp is open to all. */
export function userFolder() {
  const given = process.env["XDG_CACHE_HOME"] ?? "";
  const folder = join(given.startsWith("/") ? given : join(homedir(), ".cache"), "mailcow-proxy-tests");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
