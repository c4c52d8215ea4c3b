// @ts-check
/** Bundles a program that runs in a server's namespaces, with what the tests know of every server. */
import { build } from "rolldown";
import { dynamicImportVarsPlugin, importGlobPlugin } from "rolldown/experimental";
import { rawFiles, sourceModules } from "../../build/plugins.js";

/**
 * @param {string} input a TypeScript file
 * @param {string} file where the program goes
 */
export async function bundle(input, file) {
  await build({
    input,
    platform: "node",
    plugins: [sourceModules(), rawFiles(), dynamicImportVarsPlugin(), importGlobPlugin()],
    transform: { define: { __VERSION__: JSON.stringify("0.0.0-bench") } },
    output: { file, codeSplitting: false },
    logLevel: "warn",
    checks: { pluginTimings: false },
  });
}
