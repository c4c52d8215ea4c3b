/** The target whose file is shown first; from build/web/targets.js. */
declare module "first-target" {
  import type { ServerTarget } from "../core/output/target.ts";
  export const first: ServerTarget;
}

/** The whole table of targets; from build/web/targets.js. */
declare module "all-targets" {
  export { targetIds, targets } from "../targets/index.ts";
}

/** What yaml has for writing; from build/web/yaml.js. */
declare module "yaml-writer" {
  export const functions: Readonly<Record<string, (...values: never[]) => unknown>>;
  export const tags: readonly unknown[];
}

/** The descriptions in docs/situations; from build/web/situations.js. */
declare module "situations" {
  export const situations: readonly { readonly title: string; readonly text: string }[];
}
