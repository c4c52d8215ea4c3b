/** The templates that the page does not need for its first file, by path in `templates`; from build/web/templates.js. */
declare module "later-templates/*" {
  import type { Part } from "./templates.ts";
  export const templates: Readonly<Record<string, readonly Part[]>>;
}

/** What yaml has for writing; from build/web/yaml-writer.js. */
declare module "yaml-writer" {
  const writer: Readonly<Record<string, (...values: never[]) => unknown>>;
  export default writer;
}

/** The descriptions in docs/situations; from build/web/situations.js. */
declare module "situations" {
  export const situations: readonly { readonly title: string; readonly text: string }[];
}
