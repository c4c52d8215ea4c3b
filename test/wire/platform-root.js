// @ts-check
/** A root file system of another release of the distribution, for tests on a second platform. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The platform beside the machine's own, and its release. */
export const platform = "debian-13";
const release = "trixie";

/**
 * Makes it where there is none yet.
 * @returns {Promise<string | undefined>} its path; undefined where it cannot be made
 */
export async function platformRoot() {
  const script = spawn(fileURLToPath(new URL("debian-root.sh", import.meta.url)), [release], { stdio: ["ignore", "pipe", "inherit"] });
  let path = "";
  script.stdout.setEncoding("utf8").on("data", (text) => (path += text));
  const [status] = await once(script, "close");
  return status === 0 ? path.trim() : undefined;
}
