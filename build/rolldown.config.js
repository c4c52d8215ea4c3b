// @ts-check
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { licenses } from "./licenses.js";
import { rawFiles, sourceModules } from "./plugins.js";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

/**
 * Keeps a module that is imported dynamically out of the bundle, as a bundle of its own.
 * @param {string} name
 */
function apart(name) {
  return {
    name: "apart",
    /** @param {string} source @param {string | undefined} importer undefined for the bundle's own entry */
    resolveId: (source, importer) => (importer !== undefined && source.endsWith(`/${name}.ts`) ? { id: `./${name}.cjs`, external: true } : null),
  };
}

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
 * Each bundle is one file that is read in one go.
 * @param {string} name
 * @param {string} source
 * @param {"esm" | "cjs"} format
 * @returns {import("rolldown").RolldownOptions}
 */
function bundle(name, source, format) {
  return {
    input: path(source),
    platform: "node",
    plugins: [apart("compiler"), apart("unified-diff"), apart("sarif"), apart("tar"), yargsPlatform, ascii, ...sourceModules(), rawFiles(), licenses],
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
    output: { file: path(`dist/${name}`), format, minify: true, dynamicImportInCjs: false },
  };
}

export default [
  bundle("bin.js", "src/bin.ts", "esm"),
  // V8 keeps a code cache of scripts, not of ES modules.
  bundle("program.cjs", "src/program.ts", "cjs"),
  bundle("compiler.cjs", "src/node/compiler.ts", "cjs"),
  bundle("unified-diff.cjs", "src/comparison/unified-diff.ts", "cjs"),
  bundle("sarif.cjs", "src/reports/sarif.ts", "cjs"),
  bundle("tar.cjs", "src/outputs/tar.ts", "cjs"),
  bundle("index.js", "src/index.ts", "esm"),
];
