import { defineConfig } from "vitest/config";
import { templates, validators } from "./build/plugins.js";

export default defineConfig({
  plugins: [templates(), validators()],
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: { include: ["test/**/*.test.ts"] },
});
