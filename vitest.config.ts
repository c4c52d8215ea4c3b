import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "./build/plugins.js";
import { slowUnitTests } from "./test/slow-unit-tests.js";
import { slowestFiles } from "./test/slowest-files-reporter.ts";

export default defineConfig({
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: slowUnitTests,
    reporters: ["default", slowestFiles],
    globalSetup: [fileURLToPath(new URL("./test/built-program.ts", import.meta.url))],
    // Every core: one is left for others otherwise, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    // The sources are loaded once for each worker, not once for each file; no test keeps anything in them.
    isolate: false,
    // They only end what hangs: many tests start programs, which takes its time on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
