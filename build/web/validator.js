// @ts-check
/** The page's validator: src/web/validator.ts with the schema that the form is made from. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Keywords that it knows, and annotations. */
const known = new Set(["$schema", "$defs", "$ref", "title", "description", "examples", "default", "type", "enum", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "items", "required", "additionalProperties", "properties"]);

const query = "?validator";

export const smallValidator = {
  name: "small-validator",
  /** @param {string} id */
  async load(id) {
    if (!id.endsWith(`.json${query}`)) return null;
    const file = id.slice(0, -query.length);
    const odd = oddIn(JSON.parse(await readFile(file, "utf8")));
    if (odd.length > 0) {
      console.warn(`src/web/validator.ts does not know ${odd.join(", ")}, so the page gets Ajv's code, which is larger.`);
      return null;
    }
    const code = `import text from ${JSON.stringify(`${file}?raw`)};\nimport { formats } from ${JSON.stringify(path("src/core/description/formats.ts"))};\nimport { validatorOf } from ${JSON.stringify(path("src/web/validator.ts"))};\nexport const validate = /* @__PURE__ */ validatorOf(JSON.parse(text), formats);\n`;
    return { code, moduleType: /** @type {const} */ ("js") };
  },
};

/** What the validator does not know in a schema. @param {any} schema @returns {string[]} */
function oddIn(schema) {
  const here = Object.keys(schema).filter((key) => !known.has(key));
  if (Array.isArray(schema.type)) here.push("a list of types");
  if (typeof schema.additionalProperties === "object") here.push("a schema in additionalProperties");
  const inner = [...Object.values(schema.properties ?? {}), ...Object.values(schema.$defs ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...new Set([...here, ...inner.flatMap(oddIn)])];
}
