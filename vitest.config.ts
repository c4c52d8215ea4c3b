import { defineConfig } from "vitest/config";
import { sourceModules } from "./build/plugins.js";

export default defineConfig({
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  // Many tests start programs, which takes its time on a busy machine.
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 },
});
