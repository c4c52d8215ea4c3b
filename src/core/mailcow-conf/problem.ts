/** Problems with a mailcow.conf. */
import type { Problem } from "../problems/problem.ts";

/** A problem with a place in the text. */
export type ConfProblem = Problem & { readonly place: { readonly offset: number; readonly end?: number } };
