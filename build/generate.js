// @ts-check
/**
 * Writes src/generated/description.ts from the schema; with --check only says whether it is stale.
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

if (process.argv.includes("--check")) {
  if ((await readFile(typesFile, "utf8")) !== types) {
    console.error("src/generated/description.ts is stale: run npm run generate");
    process.exitCode = 1;
  }
} else {
  await writeFile(typesFile, types);
}
