/** What a check across keys is, and one between descriptions. */
import type { Problem } from "../core/problems/problem.ts";
import type { Site } from "../core/site/site.ts";
import type { Description } from "../generated/description.ts";

/** What a rule looks at. */
export interface Resolved {
  readonly site: Site;
  /** The description with its defaults filled, for what the site no longer tells apart. */
  readonly description: Description;
}

export interface Rule {
  /** Pointers of all that it reads: it is left out when one of them is not to be had. */
  readonly reads: readonly string[];
  /** Every problem of one kind, each at the key that has to change. */
  check(resolved: Resolved): Problem[];
}

/** A description for the same server that was read before. */
export interface Neighbour {
  /** Its name in diagnostics. */
  readonly file: string;
  readonly site: Site;
}

export interface SharedRule {
  /** The problems of a description beside one other, each at the key that has to change. */
  check(resolved: Resolved, neighbour: Neighbour): Problem[];
}
