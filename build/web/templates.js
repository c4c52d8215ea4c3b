// @ts-check
/**
 * Templates for the page: as data for src/web/templates.ts, which is a third of the size of what Handlebars makes of them.
 * A construct that the page's runtime does not know stops the build.
 */
import { readFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";

/** @typedef {import("../../src/web/templates.ts").Part} Part */
/** @typedef {import("../../src/web/templates.ts").Expression} Expression */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const folder = path("templates");

const { targets, versions } = JSON.parse(readFileSync(path("schemas/description.schema.json"), "utf8")).properties;

/** The target whose file is shown first. */
const [first = ""] = targets.default;

/**
 * The other templates come later, in two parts. A server is a target that the description can give a version of.
 * @type {Readonly<Record<string, (folder: string) => boolean>>}
 */
const parts = { "later-templates/servers": (name) => name in versions.properties, "later-templates/others": (name) => !(name in versions.properties) };

/** The templates of the first file are in the page's first part. */
const atStart = new Set([...readFileSync(path(`src/targets/${first}/index.ts`), "utf8").matchAll(/"(?:\.\.\/)+templates\/(.*\.hbs)"/g)].map(([, name]) => name));
if (atStart.size === 0) throw new Error(`${first} imports no templates`);

export const templatesAsData = {
  name: "templates-as-data",
  /** @param {string} source */
  resolveId: (source) => (source in parts ? source : null),
  /** @param {string} id */
  async load(id) {
    const part = parts[id];
    if (part !== undefined) return { code: `export const templates = ${JSON.stringify(await laterTemplates(part))};`, moduleType: /** @type {const} */ ("js") };
    if (!id.endsWith(".hbs")) return null;
    const name = id.slice(folder.length + 1);
    const code = atStart.has(name) ? `export default ${JSON.stringify(await read(name))};` : `import { later } from ${JSON.stringify(path("src/web/later.ts"))};\nexport default /* @__PURE__ */ later(${JSON.stringify(name)});`;
    return { code, moduleType: /** @type {const} */ ("js") };
  },
};

/** @param {(folder: string) => boolean} isIn */
async function laterTemplates(isIn) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".hbs") && !atStart.has(name) && isIn(name.split("/", 1).join())).toSorted();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)])));
}

/** @param {string} name */
async function read(name) {
  return partsOf(Handlebars.parse(await readFile(join(folder, name), "utf8")), name);
}

/** @param {hbs.AST.Program} program @param {string} file @returns {Part[]} */
function partsOf(program, file) {
  /** @type {Part[]} */
  const parts = [];
  for (const statement of program.body) {
    const part = partOf(statement, file);
    if (part === "") continue;
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** @type {Readonly<Record<string, "if" | "unless" | "each" | "with">>} */
const blocks = { if: "if", unless: "unless", each: "each", with: "with" };

/** @param {any} node @param {string} file @returns {Part} */
function partOf(node, file) {
  switch (node.type) {
    case "ContentStatement":
      return node.value;
    case "CommentStatement":
      return "";
    case "MustacheStatement":
      if (node.params.length > 0 || node.hash !== undefined) throw unknown(node, file);
      return ["", expressionOf(node.path, file)];
    case "BlockStatement": {
      const kind = blocks[node.path.original];
      if (kind === undefined || node.params.length !== 1 || node.hash !== undefined || (node.program?.blockParams ?? []).length > 0) throw unknown(node, file);
      const inside = node.program === undefined ? [] : partsOf(node.program, file);
      const otherwise = node.inverse === undefined ? [] : partsOf(node.inverse, file);
      return otherwise.length === 0 ? [kind, expressionOf(node.params[0], file), inside] : [kind, expressionOf(node.params[0], file), inside, otherwise];
    }
    case "PartialStatement": {
      if (node.params.length > 1) throw unknown(node, file);
      const name = node.name.type === "PathExpression" ? node.name.original : expressionOf(node.name, file);
      /** @type {Record<string, Expression> | 0} */
      const values = node.hash === undefined ? 0 : Object.fromEntries(node.hash.pairs.map((/** @type {any} */ { key, value }) => [key, expressionOf(value, file)]));
      return [">", name, node.params.length === 0 ? 0 : expressionOf(node.params[0], file), values, node.indent];
    }
    default:
      throw unknown(node, file);
  }
}

/** @param {any} node @param {string} file @returns {Expression} */
function expressionOf(node, file) {
  switch (node.type) {
    case "PathExpression":
      if (node.data && !["first", "last", "index", "key"].includes(node.parts.join("."))) throw unknown(node, file);
      return node.data ? `@${node.parts[0]}` : [...Array.from({ length: node.depth }, () => ".."), node.parts.join(".")].join("/");
    case "SubExpression":
      if (node.path.original !== "lookup" || node.params.length !== 2) throw unknown(node, file);
      return [expressionOf(node.params[0], file), expressionOf(node.params[1], file)];
    case "StringLiteral":
    case "BooleanLiteral":
    case "NumberLiteral":
      return { is: node.value };
    default:
      throw unknown(node, file);
  }
}

/** @param {any} node @param {string} file */
function unknown(node, file) {
  return new Error(`${file}:${node.loc.start.line}: the page's templates have no ${node.type} of this form`);
}
