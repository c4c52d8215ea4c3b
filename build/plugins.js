// @ts-check
/**
 * What the bundle and the tests need to import the sources: precompiled templates and the schema's validator.
 * The plugins use hooks that rolldown and Vite share.
 */
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { _ } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import Handlebars from "handlebars";

/** The formats that src/core/description/formats.ts judges. */
const ownFormats = ["idn-hostname", "server-name", "certificate-name", "bind-address", "ip-address", "upstream-address", "ip-network", "clients", "trusted-proxy"];

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
      return { code: `export default ${lean(code)};`, moduleType: /** @type {const} */ ("js") };
    },
  };
}

/**
 * Leaves out of a precompiled template what is a fifth of it to load and of no use here: where in the template each
 * expression is, for the errors of Handlebars, and what it does with a runtime of its version 4.5.
 * @param {string} code the quotes of a template's own text are escaped in it
 */
const lean = (code) =>
  code
    .replaceAll(/\{"start":\{"line":\d+,"column":\d+\},"end":\{"line":\d+,"column":\d+\}\}/g, "0")
    .replaceAll(/(lookupProperty = container\.lookupProperty) \|\| function\(parent, propertyName\) \{\s*if \([^{}]*\) \{[^{}]*\}\s*return undefined\s*\}/g, "$1");

/** Compiles `import { validate } from "….schema.json?validator"` to the validator's code, without Ajv itself. */
function validators() {
  const query = "?validator";
  return {
    name: "validators",
    enforce: /** @type {const} */ ("pre"),
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(`.json${query}`)) return null;
      const schema = withoutAnnotations(JSON.parse(await readFile(id.slice(0, -query.length), "utf8")));
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

/**
 * The schema as far as it judges: Ajv hands the whole of it to the validator, to look up the names of properties.
 * @param {any} schema
 * @returns {any}
 */
function withoutAnnotations(schema) {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !annotations.has(key)).map(([key, value]) => [key, namesOfSchemas.has(key) ? mapped(value) : key === "default" ? value : withoutAnnotations(value)]));
}

const annotations = new Set(["title", "description", "examples"]);

/** Keys whose value has schemas by names, which may be any word. */
const namesOfSchemas = new Set(["properties", "patternProperties", "dependentSchemas", "$defs"]);

/** @param {Record<string, any>} schemas */
const mapped = (schemas) => Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutAnnotations(schema)]));

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

/** Imports the text of all templates, `import { sources } from "…/templates?sources"`, by their paths in that folder. */
function templateSources() {
  const query = "?sources";
  return {
    name: "template-sources",
    enforce: /** @type {const} */ ("pre"),
    /** @param {string} source @param {string | undefined} importer */
    resolveId: (source, importer) => (source.endsWith(query) && importer !== undefined ? resolve(dirname(importer), source) : null),
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith(query)) return null;
      const folder = id.slice(0, -query.length);
      const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".hbs")).toSorted();
      const sources = Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), "utf8")])));
      return { code: `export const sources = ${JSON.stringify(sources)};`, moduleType: /** @type {const} */ ("js") };
    },
  };
}

/** What the sources need to be read, by the bundler and by the tests. */
export const sourceModules = () => [templates(), templateSources(), validators(), documentedCodes()];

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
