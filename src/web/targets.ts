/**
 * The table of targets in the page. At first it has the target whose file is shown first; all others come after the first
 * view. build/web/targets.js puts it in the place of src/targets/index.ts, so that the core asks it, too.
 */
import { first } from "first-target";
import { order, parts } from "target-parts";
import type { Target } from "../core/output/target.ts";
import type { TargetId } from "../core/output/target-id.ts";

export const targets: Partial<Record<TargetId, Target>> = { [first.id]: first };

export const targetIds: TargetId[] = [first.id];

/** Fetches the targets with these IDs, or all of them. */
export async function bringTargets(wanted: readonly string[] = order): Promise<void> {
  const brought = await Promise.all(parts.filter(({ ids }) => ids.some((id) => !(id in targets) && wanted.includes(id))).map(({ load }) => load()));
  for (const target of brought.flat()) targets[target.id] = target;
  targetIds.splice(0, targetIds.length, ...order.filter((id) => id in targets));
}

/** Whether one of these targets is still to come. */
export function lacksTargets(wanted: readonly string[]): boolean {
  return order.some((id) => wanted.includes(id) && !(id in targets));
}
