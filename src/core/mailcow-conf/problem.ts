/** What can be wrong with a mailcow.conf. */
import type { Problem } from "../problems/problem.ts";

/** A problem whose place is in the text. */
export type ConfProblem = Problem & { readonly place: { readonly offset: number; readonly end?: number } };
