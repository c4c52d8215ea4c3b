/** The program as an installed package has it, built from the sources as they are. */
import { symlinkSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { rolldown } from "rolldown";
import config from "../build/rolldown.config.js";

/** Builds it below a folder, so that `npx mailcow-proxy` finds it there. */
export async function install(folder: string): Promise<void> {
  const home = join(folder, "node_modules/mailcow-proxy/dist");
  await mkdir(join(folder, "node_modules/.bin"), { recursive: true });
  for (const { output, ...input } of config) {
    if (Array.isArray(output) || output?.file === undefined) throw new Error("a bundle is one file");
    const bundle = await rolldown({ ...input, logLevel: "silent" });
    await bundle.write({ ...output, file: join(home, basename(output.file)) });
    await bundle.close();
  }
  await chmod(join(home, "bin.js"), 0o755);
  symlinkSync("../mailcow-proxy/dist/bin.js", join(folder, "node_modules/.bin/mailcow-proxy"));
}
