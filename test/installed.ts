/** The program as an installed package has it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";

/** Puts it below a folder, so that `npx mailcow-proxy` finds it there. */
export function install(folder: string): void {
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  cpSync(inject("builtProgram"), join(folder, "node_modules/mailcow-proxy/dist"), { recursive: true });
  // Some tests start it as somebody else, whatever the umask is.
  execFileSync("chmod", ["-R", "a+rX", join(folder, "node_modules")]);
  symlinkSync("../mailcow-proxy/dist/bin.cjs", join(folder, "node_modules/.bin/mailcow-proxy"));
}
