// @ts-check
/**
 * What the bundle and the tests need to import the sources: precompiled templates and the schema's validator.
 * The plugins use hooks that rolldown and Vite share.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { _ } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import Handlebars from "handlebars";

/** The formats that src/core/description/formats.ts judges. */
const ownFormats = ["idn-hostname", "server-name", "certificate-name", "bind-address", "ip-address", "ip-network"];

const formatsModule = fileURLToPath(new URL("../src/core/description/formats.ts", import.meta.url));

/** Compiles `import template from "….hbs"` ahead of time, so that the program needs only the Handlebars runtime. */
function templates() {
  return {
    name: "templates",
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(".hbs")) return null;
      const source = await readFile(id, "utf8");
      // Nothing is HTML here, and a name a view does not have is a bug that has to surface.
      // Its type says otherwise, but this is source text.
      const code = /** @type {unknown} */ (Handlebars.precompile(source, { noEscape: true, strict: true, knownHelpersOnly: true }));
      if (typeof code !== "string") throw new Error(`${id} was not precompiled`);
      return { code: `export default ${code};`, moduleType: /** @type {const} */ ("js") };
    },
  };
}

/** Compiles `import { validate } from "….schema.json?validator"` to the validator's code, without Ajv itself. */
function validators() {
  const query = "?validator";
  return {
    name: "validators",
    enforce: /** @type {const} */ ("pre"),
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(`.json${query}`)) return null;
      const schema = JSON.parse(await readFile(id.slice(0, -query.length), "utf8"));
      const ajv = new Ajv2020({
        allErrors: true,
        // The sentences are ours.
        messages: false,
        useDefaults: true,
        strict: true,
        // `examples` and `default` beside `$ref` are annotations; formats are functions of our own, see formats.ts.
        strictTypes: false,
        formats: Object.fromEntries(ownFormats.map((name) => [name, () => true])),
        code: { source: true, esm: true, formats: _`formats` },
      });
      const code = standalone.default(ajv, { validate: ajv.addSchema(schema, "description") && "description" });
      if (code.includes("require(")) throw new Error("the validator needs a part of Ajv at run time");
      return {
        code: `import { formats } from ${JSON.stringify(formatsModule)};\n${code}`,
        moduleType: /** @type {const} */ ("js"),
      };
    },
  };
}

/** Imports the table rows of docs/diagnostics.md, `import { rows } from "….md?rows"`: what each code is about, as Markdown. */
function documentedCodes() {
  const query = "?rows";
  return {
    name: "documented-codes",
    enforce: /** @type {const} */ ("pre"),
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(`.md${query}`)) return null;
      const text = await readFile(id.slice(0, -query.length), "utf8");
      const rows = Object.fromEntries([...text.matchAll(/^\| `([a-z0-9-]+)` \| (.*) \|$/gm)].map(([, code, about]) => [code, about]));
      return { code: `export const rows = ${JSON.stringify(rows)};`, moduleType: /** @type {const} */ ("js") };
    },
  };
}

/** What the sources need to be read, by the bundler and by the tests. */
export const sourceModules = () => [templates(), validators(), documentedCodes()];

/** Imports a file's text, `import text from "…?raw"`; Vite has this built in. */
export function rawFiles() {
  const query = "?raw";
  return {
    name: "raw-files",
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(query)) return null;
      const text = await readFile(id.slice(0, -query.length), "utf8");
      return { code: `export default ${JSON.stringify(text)};`, moduleType: /** @type {const} */ ("js") };
    },
  };
}
