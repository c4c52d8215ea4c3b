/** What a target is: a view of the site, the templates that show it, and where the result belongs. */
import type { Problem } from "./problem.ts";
import type { Site } from "./site.ts";

/** In the order outputs are listed. */
export const targetIds = ["nginx", "apache", "haproxy", "mailcow-conf"] as const;

export type TargetId = (typeof targetIds)[number];

/** A precompiled Handlebars template. */
export type TemplateSpecification = object;

export interface Target {
  readonly id: TargetId;
  /** The server's name as its makers write it. */
  readonly title: string;
  /** The versions it writes for, for people: `1.18 and later`. */
  readonly versions: string;
  /**
   * Template files in `templates/<id>/`, by file name. The first is the output's; the others are partials, called by
   * their name up to the first dot.
   */
  readonly templates: Readonly<Record<string, TemplateSpecification>>;
  /** What the target cannot express, at the key that asks for it: errors, or notes where it does so differently. */
  unsupported(site: Site): Problem[];
  /** Path of the output below the folder named after the target: a file name that carries the hostname. */
  fileName(site: Site): string;
  /** Where the file belongs on the host: an absolute path. */
  installPath(site: Site): string;
  /** File mode, octal as `chmod` takes it. */
  readonly mode: string;
  /** The server's own check of its whole configuration, or undefined where there is none. */
  readonly validate: string | undefined;
  /** The command that makes the file take effect. */
  readonly reload: string;
  /** What the templates place. */
  view(site: Site): object;
}
