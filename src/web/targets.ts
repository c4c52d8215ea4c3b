/**
 * The table of targets in the page. At first it has the target whose file is shown first; all others come after the first
 * view. build/web/targets.js puts it in the place of src/targets/index.ts, so that the core asks it, too.
 */
import { first } from "first-target";
import type { Target } from "../core/output/target.ts";
import type { TargetId } from "../core/output/target-id.ts";

export const targets: Partial<Record<TargetId, Target>> = { [first.id]: first };

export const targetIds: TargetId[] = [first.id];

/** Adds the targets of the whole table, in its order. */
export function bringTargets(all: { readonly targets: Readonly<Record<TargetId, Target>>; readonly targetIds: readonly TargetId[] }): void {
  Object.assign(targets, all.targets);
  targetIds.splice(0, targetIds.length, ...all.targetIds);
}
