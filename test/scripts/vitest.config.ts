import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";
import { slowestFiles } from "../slowest-files-reporter.ts";

/** The scripts of the output in trees of their own, and faults of disks: needs root, and is not part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/scripts/*.script.ts", "test/faults/*.fault.ts"],
    // Every core, see vitest.config.ts.
    maxWorkers: availableParallelism(),
    // They only end what hangs: a machine may be busy.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ["default", slowestFiles],
    globalSetup: [fileURLToPath(new URL("../built-program.ts", import.meta.url))],
    chaiConfig: { truncateThreshold: 0 },
  },
});
