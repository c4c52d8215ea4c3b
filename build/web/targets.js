// @ts-check
/** The targets in two parts: the first one is in the page's first script, and all others come after the first view. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const table = path("src/targets/index.ts");

const { targets } = JSON.parse(readFileSync(path("schemas/description.schema.json"), "utf8")).properties;

/** Each server's folder exports a target of its name. */
const [first = ""] = targets.default;

/** @type {Readonly<Record<string, string>>} */
const modules = {
  "first-target": `export { ${first} as first } from ${JSON.stringify(path(`src/targets/${first}/index.ts`))};\n`,
  "all-targets": `export { targets, targetIds } from ${JSON.stringify(table)};\n`,
};

export const targetsInParts = {
  name: "targets-in-parts",
  /** @param {string} source @param {string | undefined} importer */
  resolveId(source, importer) {
    if (source in modules) return source;
    if (importer === undefined || importer === "all-targets" || !source.endsWith("/targets/index.ts")) return null;
    return resolve(dirname(importer), source) === table ? path("src/web/targets.ts") : null;
  },
  /** @param {string} id */
  load: (id) => (id in modules ? { code: modules[id] ?? "", moduleType: /** @type {const} */ ("js") } : null),
};
