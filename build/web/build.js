// @ts-check
/**
 * Builds the page: a folder of static files for any host, dist/web, and dist/web/mailcow-proxy.html, one file with all of
 * it, which runs from the disk. `node build/web/build.js [FOLDER]`
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { licenses } from "../licenses.js";
import { rawFiles, sourceModules } from "../plugins.js";
import { presets } from "./situations.js";
import { targetsInParts } from "./targets.js";
import { templatesAsData } from "./templates.js";
import { smallValidator } from "./validator.js";
import { yamlParts } from "./yaml.js";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const [folder = path("dist/web")] = process.argv.slice(2);

const icon = `data:image/svg+xml,${encodeURIComponent(readFileSync(path("src/web/icon.svg"), "utf8").trim())}`;
const style = smaller(readFileSync(path("src/web/style.css"), "utf8"));
const page = readFileSync(path("src/web/page.html"), "utf8");

/** Nothing may be asked for, and no other site's text may run. @param {string} scripts @param {string} styles */
const policy = (scripts, styles) =>
  `default-src 'none'; script-src ${scripts}; style-src ${styles}; img-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

/** @type {import("rolldown").Plugin} */
const schemaWithoutSpace = {
  name: "schema-without-space",
  load: (id) => (id.endsWith(".schema.json?raw") ? { code: `export default ${JSON.stringify(JSON.stringify(JSON.parse(readFileSync(id.slice(0, -"?raw".length), "utf8"))))};`, moduleType: "js" } : null),
};

const bundle = await rolldown({
  input: { app: path("src/web/main.tsx") },
  platform: "browser",
  plugins: [yamlParts, targetsInParts, smallValidator, schemaWithoutSpace, templatesAsData, presets, ...sourceModules(), rawFiles(), licenses],
  transform: { define: { __VERSION__: JSON.stringify(JSON.parse(readFileSync(path("package.json"), "utf8")).version) } },
  resolve: {
    alias: {
      "handlebars/runtime.js": path("src/web/templates.ts"),
      // Its build for Node is CommonJS, of which nothing can be left out.
      yaml: fileURLToPath(new URL("browser/index.js", import.meta.resolve("yaml/package.json"))),
    },
  },
  checks: { emptyImportMeta: false, pluginTimings: false },
});

// For any host: several scripts, all but the first of which come after the first view.
const { output } = await bundle.write({ dir: folder, format: "esm", minify: true, entryFileNames: "[name]-[hash].js", chunkFileNames: "[name]-[hash].js" });
const [entry] = output;
const styleName = `style-${hash(style, "hex").slice(0, 8)}.css`;
writeFileSync(join(folder, styleName), style);
write("index.html", policy("'self'", "'self'"), `<link rel="stylesheet" href="${styleName}">`, `${entry.imports.map((name) => `<link rel="modulepreload" href="${name}">\n`).join("")}<script type="module" src="${entry.fileName}"></script>`);

// In one file: browsers load no modules from the disk, so there is one script.
const { output: [single] } = await bundle.generate({ format: "iife", minify: true, codeSplitting: false });
await bundle.close();
const script = single.code.trim().replaceAll("</script", "<\\/script");
if (script.includes("<!--")) throw new Error("the script cannot stand in a page: it has <!-- in it");
const notices = readFileSync(join(folder, "third-party-licenses.txt"), "utf8").replaceAll("--", "- -");
write("mailcow-proxy.html", policy(`'sha256-${hash(script, "base64")}'`, `'sha256-${hash(style, "base64")}'`), `<style>${style}</style>`, `<script>${script}</script>\n<!--\nThis page contains the following software.\n\n${notices}-->`);

/** @param {string} name @param {string} rules @param {string} styles @param {string} scripts */
function write(name, rules, styles, scripts) {
  /** @type {Readonly<Record<string, string>>} */
  const parts = { policy: rules, icon, style: styles, script: scripts };
  writeFileSync(join(folder, name), page.replaceAll(/\{\{(\w+)\}\}/g, (_whole, /** @type {string} */ part) => parts[part] ?? ""));
}

/** @param {string} text @param {"hex" | "base64"} encoding */
function hash(text, encoding) {
  return createHash("sha256").update(text).digest(encoding);
}

/** A style sheet without comments and needless white space. @param {string} css */
function smaller(css) {
  return css.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/\s+/g, " ").replaceAll(/ ?([{};,]) ?/g, "$1").replaceAll(/;\}/g, "}").replaceAll(/: /g, ":").trim();
}
