// @ts-check
/** What the page takes of yaml: nothing of YAML 1.1, and its writer only with the second part. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const module = fileURLToPath(new URL("../../src/web/writer.ts", import.meta.url));
const home = fileURLToPath(new URL("browser/dist/", import.meta.resolve("yaml/package.json")));

/** Files whose functions are called only to write. */
const writers = ["Collection", "Document", "Number", "Pair", "String", ""].map((name) => `${home}stringify/stringify${name}.js`);

const real = "?writer";

export const yamlParts = {
  name: "yaml-parts",
  /** @param {string} source */
  resolveId: (source) => (source === "yaml-writer" ? source : null),
  /** @param {string} id */
  load(id) {
    if (id === "yaml-writer") return writerModule();
    if (id.endsWith(real)) return readFileSync(id.slice(0, -real.length), "utf8").replaceAll(/ from '\.\/(.*)'/g, (_whole, /** @type {string} */ file) => ` from ${JSON.stringify(`${home}stringify/${file}`)}`).replaceAll(/ from '\.\.\/(.*)'/g, (_whole, /** @type {string} */ file) => ` from ${JSON.stringify(`${home}${file}`)}`);
    if (writers.includes(id)) {
      // One name can be exported only once, so the functions of all files have different names.
      return `import { writing } from ${JSON.stringify(module)};\n${namesIn(id).map((name) => `export const ${name} = /* @__PURE__ */ writing("${name}");\n`).join("")}`;
    }
    // Descriptions are YAML 1.2. Merge keys are told from other keys by this file alone.
    if (id.startsWith(`${home}schema/yaml-1.1/`) && !id.endsWith("/merge.js")) return `const absent = [];\nexport { ${namesIn(id).map((name) => `absent as ${name}`).join(", ")} };\n`;
    return null;
  },
};

function writerModule() {
  const imports = writers.map((file, index) => `import * as part${index} from ${JSON.stringify(`${file}${real}`)};\n`).join("");
  return `${imports}export default { ${writers.flatMap((file, index) => namesIn(file).map((name) => `${name}: part${index}.${name}`)).join(", ")} };\n`;
}

/** @param {string} file */
function namesIn(file) {
  const names = /^export \{ (.*) \};$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (names === undefined) throw new Error(`${file} exports in another way`);
  return names.split(", ");
}
