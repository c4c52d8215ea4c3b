// @ts-check
/** What the page takes of yaml. What writes comes with the tools, and so does YAML 1.1, which the core writes for readers of both versions. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const writer = fileURLToPath(new URL("../../src/web/writer.ts", import.meta.url));
const home = fileURLToPath(new URL("browser/dist/", import.meta.resolve("yaml/package.json")));

/** Files whose functions are called only to write. */
const writers = ["Collection", "Document", "Number", "Pair", "String", ""].map((name) => `${home}stringify/stringify${name}.js`);

/** The tags of YAML 1.1. Descriptions are YAML 1.2. Merge keys are told from other keys by `merge.js`, which stays. */
const tagsOfOld = `${home}schema/yaml-1.1/schema.js`;
const isOld = (/** @type {string} */ id) => id.startsWith(dirname(tagsOfOld)) && !id.endsWith("/merge.js");

/** Tags of values that are never written, and what folds lines: the core writes none of a limited width. */
const unneeded = new Set(["binary", "omap", "pairs", "set"].map((name) => join(dirname(tagsOfOld), `${name}.js`)));
const folding = `${home}stringify/foldFlowLines.js`;

/** Times, which the core writes only as text: what is left of them says which text needs quotes. */
const times = join(dirname(tagsOfOld), "timestamp.js");
/** @type {Readonly<Record<string, { tag: string, test: RegExp }>>} */
const timeTags = await import(pathToFileURL(times).href);

/** A file as it is, and not what is in its place. */
const real = "?real";

export const yamlParts = {
  name: "yaml-parts",
  /** @param {string} source */
  resolveId: (source) => (source === "yaml-writer" ? source : null),
  /** @param {string} id */
  load(id) {
    if (id === "yaml-writer") return writerModule();
    if (id === folding) return `export const foldFlowLines = (text) => text;\n${namesIn(id).filter((name) => name !== "foldFlowLines").map((name) => `export const ${name} = ${JSON.stringify(name)};\n`).join("")}`;
    if (id === `${times}${real}`) return Object.entries(timeTags).map(([name, { tag, test }]) => `export const ${name} = { default: true, tag: ${JSON.stringify(tag)}, test: ${test} };\n`).join("");
    if (id.endsWith(real)) return unneeded.has(id.slice(0, -real.length)) ? absent(id.slice(0, -real.length)) : realModule(id.slice(0, -real.length));
    // One name can be exported only once, so the functions of all files have different names.
    if (writers.includes(id)) return `import { writing } from ${JSON.stringify(writer)};\n${namesIn(id).map((name) => `export const ${name} = /* @__PURE__ */ writing("${name}");\n`).join("")}`;
    if (id === tagsOfOld) return `export { tagsOfOld as schema } from ${JSON.stringify(writer)};\n`;
    return isOld(id) ? absent(id) : null;
  },
};

/** Empty lists in place of what a file exports. @param {string} id */
const absent = (id) => `const absent = [];\nexport { ${namesIn(id).map((name) => `absent as ${name}`).join(", ")} };\n`;

function writerModule() {
  const imports = writers.map((file, index) => `import * as part${index} from ${JSON.stringify(`${file}${real}`)};\n`).join("");
  const functions = writers.flatMap((file, index) => namesIn(file).map((name) => `${name}: part${index}.${name}`)).join(", ");
  return `${imports}import { schema } from ${JSON.stringify(`${tagsOfOld}${real}`)};\nexport const tags = schema.filter((tag) => !Array.isArray(tag));\nexport const functions = { ${functions} };\n`;
}

/** @param {string} file */
function realModule(file) {
  return readFileSync(file, "utf8").replaceAll(/ from '(\..*)'/g, (_whole, /** @type {string} */ path) => {
    const imported = join(dirname(file), path);
    return ` from ${JSON.stringify(isOld(imported) ? `${imported}${real}` : imported)}`;
  });
}

/** @param {string} file */
function namesIn(file) {
  const names = /^export \{ (.*) \};$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (names === undefined) throw new Error(`${file} exports in another way`);
  return names.split(", ");
}
