/** What a cross-field check is. */
import type { Problem } from "../core/problems/problem.ts";
import type { Site } from "../core/site/site.ts";
import type { Description } from "../generated/description.ts";

/** What a rule looks at. */
export interface Checked {
  readonly site: Site;
  /** The description with its defaults filled, for what the site no longer tells apart. */
  readonly description: Description;
}

export interface Rule {
  /** Pointers of all that it reads: it is left out when one of them is not to be had. */
  readonly reads: readonly string[];
  /** Every problem of one kind, each at the key that has to change. */
  check(checked: Checked): Problem[];
}
