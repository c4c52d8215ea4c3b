// @ts-check
/**
 * Templates for the page: as data for src/web/templates.ts, which is a third of the size of what Handlebars makes of them.
 * A construct that the page's runtime does not know stops the build.
 */
import { readFile } from "node:fs/promises";
import Handlebars from "handlebars";

/** @typedef {import("../../src/web/templates.ts").Part} Part */
/** @typedef {import("../../src/web/templates.ts").Expression} Expression */

export const templatesAsData = {
  name: "templates-as-data",
  /** @param {string} id */
  async load(id) {
    if (!id.endsWith(".hbs")) return null;
    const parts = partsOf(Handlebars.parse(await readFile(id, "utf8")), id);
    return { code: `export default ${JSON.stringify(parts)};`, moduleType: /** @type {const} */ ("js") };
  },
};

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

const helpers = new Set(Object.keys(Handlebars.helpers));

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
      // Handlebars would call its helper of that name, and place nothing.
      if (helpers.has(node.path.original)) throw new Error(`${file}:${node.loc.start.line}: ${node.path.original} is a helper of Handlebars, so no value can have this name`);
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
