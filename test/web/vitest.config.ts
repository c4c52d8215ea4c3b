import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";
import { slowestFiles } from "../slowest-files-reporter.ts";

/** The page in a real Chromium: needs the distribution's, which test/servers.sh brings. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/web/*.web.ts"],
    reporters: ["default", slowestFiles],
    globalSetup: [fileURLToPath(new URL("built-page.ts", import.meta.url))],
    // One browser for all files: they share a worker, and a browser takes both cores.
    maxWorkers: 1,
    isolate: false,
    // They only end what hangs: a machine may be busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
