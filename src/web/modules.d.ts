/** The target whose file is shown first; from build/web/targets.js. */
declare module "first-target" {
  export const first: import("../core/output/target.ts").ServerTarget;
}

/** The other targets, by the scripts that they are in; from build/web/targets.js. */
declare module "target-parts" {
  export const order: readonly import("../core/output/target-id.ts").TargetId[];
  export const parts: readonly { readonly ids: typeof order; readonly load: () => Promise<readonly import("../core/output/target.ts").Target[]> }[];
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
