// @ts-check
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { licenses } from "./licenses.js";
import { rawFiles, sourceModules } from "./plugins.js";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

const yargsPlatform = {
  name: "yargs-platform",
  /** @param {string} source */
  resolveId: (source) => (source === "./lib/platform-shims/esm.mjs" ? path("build/yargs-platform.js") : null),
};

/** Writes other characters as escapes: V8 reads a source of ASCII alone as bytes, which takes half the time. */
const ascii = {
  name: "ascii",
  /** @param {unknown} _options @param {import("rolldown").OutputBundle} bundle */
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = file.code.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    }
  },
};

/**
 * @param {string} name of the file in dist; what it imports dynamically goes into files of its own beside it
 * @param {string} source
 * @param {"esm" | "cjs"} format
 * @returns {import("rolldown").RolldownOptions}
 */
function bundle(name, source, format) {
  return {
    input: path(source),
    platform: "node",
    // What the other files of the program share with its first one stays there.
    preserveEntrySignatures: "allow-extension",
    plugins: [yargsPlatform, ascii, ...sourceModules(), rawFiles(), licenses],
    transform: { define: { __VERSION__: JSON.stringify(version) } },
    resolve: {
      alias: {
        // Its build for Node is CommonJS, of which nothing can be left out.
        yaml: fileURLToPath(new URL("browser/index.js", import.meta.resolve("yaml/package.json"))),
        // cliui lays out the help of yargs, which is ASCII; the package's tables and Intl.Segmenter take long to load.
        "string-width": path("build/string-width.js"),
      },
    },
    // Two of yargs' files look for themselves on the disk, for features that are not in use.
    checks: { emptyImportMeta: false },
    output: { dir: path("dist"), entryFileNames: name, chunkFileNames: "[name].cjs", format, minify: true, dynamicImportInCjs: false },
  };
}

export default [
  // CommonJS is loaded without Node's loader of ES modules, and V8 keeps a code cache of scripts only.
  bundle("bin.cjs", "src/bin.ts", "cjs"),
  bundle("program.cjs", "src/program.ts", "cjs"),
  bundle("index.js", "src/index.ts", "esm"),
];
