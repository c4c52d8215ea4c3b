// @ts-check
/** What the bundles take in brings its licence with it: they are collected in dist/third-party-licenses.txt. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Of all bundles so far: they are made one after the other, and the last one leaves the whole list.
 * @type {Set<string>}
 */
const folders = new Set();

export const licenses = {
  name: "licenses",
  /**
   * @this {import("rolldown").PluginContext}
   * @param {unknown} _options
   * @param {import("rolldown").OutputBundle} bundle
   */
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
    for (const id of modules) for (const folder of /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []) folders.add(folder);
    const source = [...folders].toSorted().map(licenseOf).join(`\n${"-".repeat(80)}\n\n`);
    this.emitFile({ type: "asset", fileName: "third-party-licenses.txt", source });
  },
};

/** @param {string} folder */
function licenseOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} ${version} has no licence to pass on`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}
