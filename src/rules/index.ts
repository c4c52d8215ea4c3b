/** The cross-field checks. */
import type { Problem } from "../core/problem.ts";
import type { Site } from "../core/site.ts";
import type { Description } from "../generated/description.ts";
import type { TargetId } from "../core/target.ts";

/** What a rule looks at. */
export interface Checked {
  readonly site: Site;
  readonly description: Description;
  /** The targets that are about to be rendered. */
  readonly targets: readonly TargetId[];
}

export type Rule = (checked: Checked) => Problem[];

export const rules: readonly Rule[] = [];
