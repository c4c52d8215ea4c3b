/** The error of a target whose part of the description is missing. */
import type { TargetId } from "../../core/output/target-id.ts";
import type { Problem } from "../../core/problems/problem.ts";

/**
 * @param section the key that the target needs, and an example of it in YAML, if one can be shown
 * @param entry the entry of `targets` that selects the target
 */
export function sectionMissing(target: TargetId, { section, example }: { readonly section: string; readonly example: string | undefined }, entry: string | undefined): Problem[] {
  return [{ code: "section-missing", arguments: { target, section, example }, place: { pointer: entry ?? "", on: "value" }, reads: [`/${section}`] }];
}
