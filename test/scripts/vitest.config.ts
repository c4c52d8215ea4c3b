import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";

/** The scripts of the output, run in trees of their own: needs root, and is not part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/scripts/*.script.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    chaiConfig: { truncateThreshold: 0 },
  },
});
