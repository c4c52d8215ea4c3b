import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { sourceModules } from "./build/plugins.js";

export default defineConfig({
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", "test/slowest-files-reporter.ts"],
    globalSetup: ["test/built-program.ts"],
    // Every core: one is left for others otherwise, which on two cores is half of them.
    maxWorkers: availableParallelism(),
    // The sources are loaded once for each worker, not once for each file; no test keeps anything in them.
    isolate: false,
    // Many tests start programs, which takes its time on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
