import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";

/** The programs of mailcow's host: started by run.js in namespaces of their own, and never part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    // The machine's distribution has only an older docker compose, which mailcow does not support.
    include: ["test/systems/*.system.ts", ...(process.env["WIRE_PLATFORM"] === undefined ? [] : ["test/systems/platform/*.system.ts"])],
    // They share one file system and one network.
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
