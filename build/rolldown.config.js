// @ts-check
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { templates, validators } from "./plugins.js";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const { version } = JSON.parse(readFileSync(path("package.json"), "utf8"));

/** @type {import("rolldown").RolldownOptions} */
export default {
  input: { bin: path("src/bin.ts"), index: path("src/index.ts") },
  platform: "node",
  plugins: [templates(), validators()],
  transform: { define: { __VERSION__: JSON.stringify(version) } },
  resolve: {
    alias: {
      // yargs measures its help with string-width, whose tables and Intl.Segmenter cost a tenth of Node's own start.
      // Our help text is ASCII.
      "string-width": path("build/string-width.js"),
    },
  },
  output: {
    dir: path("dist"),
    format: "esm",
    minify: true,
    chunkFileNames: "[name].js",
    cleanDir: true,
  },
};
