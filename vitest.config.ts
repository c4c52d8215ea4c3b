import { defineConfig } from "vitest/config";
import { sourceModules } from "./build/plugins.js";

export default defineConfig({
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: { include: ["test/**/*.test.ts"] },
});
