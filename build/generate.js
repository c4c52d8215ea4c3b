// @ts-check
/**
 * Writes what follows from the schema: the type of a description and the table of keys in docs/keys.md. With --check it
 * only says what is stale.
 */
import { readFile, writeFile } from "node:fs/promises";
import { compile } from "json-schema-to-typescript";

const schemaFile = new URL("../schemas/description.schema.json", import.meta.url);
const typesFile = new URL("../src/generated/description.ts", import.meta.url);

/**
 * The validator fills defaults, so a key with a default is never absent from what it returns.
 * @param {any} schema
 */
function requireDefaults(schema) {
  if (schema === null || typeof schema !== "object") return;
  for (const child of Object.values(schema)) requireDefaults(child);
  // Annotations beside a $ref keep the type generator from seeing the reference.
  if (schema.$ref !== undefined) {
    const { $ref } = schema;
    for (const key of Object.keys(schema)) if (key !== "default") delete schema[key];
    schema.$ref = $ref;
  }
  if (schema.properties === undefined || typeof schema.type !== "string") return;
  const filled = Object.keys(schema.properties).filter((key) => "default" in schema.properties[key]);
  schema.required = [...new Set([...(schema.required ?? []), ...filled])];
}

const schema = JSON.parse(await readFile(schemaFile, "utf8"));
requireDefaults(schema);
const types = await compile(schema, "Description", {
  bannerComment: "/** Made from schemas/description.schema.json by build/generate.js: a description after its defaults are filled. */",
  additionalProperties: false,
  strictIndexSignatures: true,
  ignoreMinAndMaxItems: true,
});

const keysFile = new URL("../docs/keys.md", import.meta.url);
const page = await readFile(keysFile, "utf8");
const [begin, end] = ["<!-- keys, from the schema -->\n", "<!-- end of keys -->"];
const [before, after] = [page.split(begin)[0], page.split(end)[1]];
if (before === undefined || after === undefined) throw new Error("docs/keys.md has lost the place of its table");
const table = ["| key | default | |", "|---|---|---|", ...rows(JSON.parse(await readFile(schemaFile, "utf8")), "")].join("\n");
const made = [
  { file: typesFile, text: types },
  { file: keysFile, text: `${before}${begin}\n${table}\n\n${end}${after}` },
];

for (const { file, text } of made) {
  if (!process.argv.includes("--check")) {
    await writeFile(file, text);
  } else if ((await readFile(file, "utf8")) !== text) {
    console.error(`${file.pathname.split("/").slice(-3).join("/")} is stale: run npm run generate`);
    process.exitCode = 1;
  }
}

/**
 * A row for each key below a schema node.
 * @param {any} node
 * @param {string} prefix
 * @returns {string[]}
 */
function rows(node, prefix) {
  return Object.entries(node.properties ?? node.items?.properties ?? {}).flatMap(([key, child]) => {
    const value = child.properties === undefined && "default" in child ? `\`${shown(child.default)}\`` : "";
    return [`| \`${prefix}${key}\` | ${value} | ${child.description} |`, ...rows(child, `${prefix}${key}.`)];
  });
}

/** @param {unknown} value */
function shown(value) {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
