import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";

/** The mail ports through a proxy: started by run.js in namespaces of their own, and never part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/mail/*.mail.ts"],
    fileParallelism: false,
    // The sources are loaded once, not for each file.
    isolate: false,
    setupFiles: ["test/wire/leave-nothing.ts"],
    // They only end what hangs: a machine may be busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    chaiConfig: { truncateThreshold: 0 },
    cache: false,
  },
});
