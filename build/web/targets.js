// @ts-check
/**
 * The targets in parts: the first one is in the page's first script, each other server and mailcow.conf are scripts of their
 * own, and all others are in one script. The tables of src/targets say which there are.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const table = path("src/targets/index.ts");

/** The part of the table with the servers. */
const serverTable = path("src/targets/servers.ts");

const { targets } = JSON.parse(readFileSync(path("schemas/description.schema.json"), "utf8")).properties;

/** @type {readonly string[]} In the order of the table. */
const order = targets.items.enum;

/** Each server's folder exports a target of its name. */
const [first = ""] = targets.default;

const parts = [serverTable, table].flatMap(partsOf);
const known = new Set(parts.flatMap(({ ids }) => ids));
if (known.size !== order.length || order.some((id) => !known.has(id))) throw new Error(`the tables of src/targets are written in another way: ${order.filter((id) => !known.has(id)).join(", ")}`);

/** Those of a usual description: a server and mailcow.conf. In scripts of their own, all others would be larger. */
const isUsual = (/** @type {(typeof parts)[number]} */ { ids, file, table }) => ids.some((id) => targets.default.includes(id)) || (table === serverTable && file === path(`src/targets/${ids[0]}/index.ts`));
const others = parts.filter((part) => !isUsual(part));
const scripts = [...parts.filter((part) => isUsual(part) && !part.ids.includes(first)), { file: "other-targets", names: others.flatMap(({ names }) => names), ids: others.flatMap(({ ids }) => ids) }];

/** @type {Readonly<Record<string, string>>} */
const modules = {
  "other-targets": others.map(({ names, file }) => `export { ${names.join(", ")} } from ${JSON.stringify(file)};\n`).join(""),
  "first-target": `export { ${first} as first } from ${JSON.stringify(path(`src/targets/${first}/index.ts`))};\n`,
  "target-parts": `export const order = ${JSON.stringify(order)};\nexport const parts = [\n${scripts.map(({ ids, names, file }) => `  { ids: ${JSON.stringify(ids)}, load: () => import(${JSON.stringify(file)}).then((module) => [${names.map((name) => `module.${name}`).join(", ")}]) },\n`).join("")}];\n`,
};

export const targetsInParts = {
  name: "targets-in-parts",
  /** @param {string} source @param {string | undefined} importer */
  resolveId(source, importer) {
    if (source in modules) return source;
    if (importer === undefined || !source.endsWith("/targets/index.ts")) return null;
    return resolve(dirname(importer), source) === table ? path("src/web/targets.ts") : null;
  },
  /** @param {string} id */
  load: (id) => (id in modules ? { code: modules[id] ?? "", moduleType: /** @type {const} */ ("js") } : null),
};

/**
 * The modules of a table, with the names of the targets that they export, and the IDs that the table gives them.
 * @param {string} file
 */
function partsOf(file) {
  const text = readFileSync(file, "utf8");
  const imports = [...text.matchAll(/^import \{ (.*) \} from "(\.\/.*\/.*)";$/gm)];
  const rest = text.replaceAll(/^(?:import|\/\*\*).*$/gm, "");
  return imports.map(([, list = "", source = ""]) => {
    const names = list.split(", ");
    const ids = names.map((name) => new RegExp(`(?:"([a-z0-9-]+)": )?\\b${name}\\b`).exec(rest)?.[1] ?? name);
    return { table: file, file: resolve(dirname(file), source), names, ids };
  });
}
