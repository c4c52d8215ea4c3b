import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";
import { slowestFiles } from "../slowest-files-reporter.ts";

/** The Ansible collection on machines in namespaces: needs root, and is not part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include: ["test/ansible/*.ansible.ts"],
    // One after another: each runs Ansible on several machines.
    fileParallelism: false,
    // They only end what hangs: a machine may be busy.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    reporters: ["default", slowestFiles],
    globalSetup: [fileURLToPath(new URL("../built-program.ts", import.meta.url))],
    chaiConfig: { truncateThreshold: 0 },
  },
});
