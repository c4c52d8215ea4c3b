// @ts-check
/** Builds the program from the sources as they are, without types and caches: `node test/build-program.js FOLDER`. */
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import config from "../build/rolldown.config.js";

const [folder = ""] = process.argv.slice(2);
await Promise.all(config.map(async ({ output, ...input }) => {
  if (Array.isArray(output)) throw new Error("a bundle has one output");
  const bundle = await rolldown({ ...input, logLevel: "silent" });
  await bundle.write({ ...output, dir: folder });
  await bundle.close();
}));
chmodSync(join(folder, "bin.cjs"), 0o755);
