import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { sourceModules } from "../../build/plugins.js";

const { WIRE_TARGET: target, WIRE_PLATFORM: platform, WIRE_VERSION: version } = process.env;

/** On the machine's own server all of them, with what only one server has in a folder of its name. Elsewhere time-outs are not waited for again. */
const include = platform !== undefined
  ? ["test/wire/{contract,company,injection,load,named-upstream,networks,slow-clients,tls,upstream-tls}.wire.ts", "test/wire/platform/*.wire.ts"]
  : version !== undefined
    ? ["test/wire/{contract,company,load,named-upstream,networks,slow-clients,tls,upstream-tls}.wire.ts", "test/wire/current/*.wire.ts", `test/wire/${target}/*.wire.ts`]
    : ["test/wire/*.wire.ts", `test/wire/${target}/*.wire.ts`];

/** The runs on the wire: started by run.js, one for each server, and never part of the unit run. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  plugins: sourceModules(),
  define: { __VERSION__: JSON.stringify("0.0.0-test") },
  test: {
    include,
    setupFiles: ["test/wire/leave-nothing.ts"],
    // There is one server on ports 80 and 443 at a time.
    fileParallelism: false,
    // The sources are loaded once, not for each file: that takes longer than most of the files.
    isolate: false,
    // They only end what hangs: a test that is given up on a busy machine leaves its server to all that come after it.
    testTimeout: 120_000,
    hookTimeout: 600_000,
    // What a server did instead stands in the message.
    chaiConfig: { truncateThreshold: 0 },
    // Two runs write to one folder otherwise.
    cache: false,
  },
});
