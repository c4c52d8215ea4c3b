// @ts-check
/** The descriptions in docs/situations as presets, in the order of their list: `import { situations } from "situations"`. */
import { readFile } from "node:fs/promises";

const folder = new URL("../../docs/situations/", import.meta.url);

export const presets = {
  name: "situations",
  /** @param {string} source */
  resolveId: (source) => (source === "situations" ? source : null),
  /** @param {string} id */
  async load(id) {
    if (id !== "situations") return null;
    const list = [...(await readFile(new URL("README.md", folder), "utf8")).matchAll(/^- \[(.*)\]\((.*)\)$/gm)];
    const situations = await Promise.all(list.map(async ([, title = "", page = ""]) => {
      const texts = [...(await readFile(new URL(page, folder), "utf8")).matchAll(/^```yaml\n(hostname:.*?)^```$/gms)].map(([, text]) => text);
      if (texts.length === 0) throw new Error(`${page} has no description`);
      return texts.map((text, index) => ({ title: texts.length === 1 ? title : `${title} (${index + 1})`, text }));
    }));
    return { code: `export const situations = ${JSON.stringify(situations.flat())};`, moduleType: /** @type {const} */ ("js") };
  },
};
