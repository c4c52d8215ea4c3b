/** Changes to a description by a field. */
import type { Value } from "../core/description/new-description.ts";
import { remove } from "../core/problems/edit.ts";
import type { DocumentEdit } from "../core/yaml/apply-edits.ts";
import { isMapping, valueAt } from "./data.ts";

/**
 * The edits that give a key a value, or take it out. A mapping that has nothing else goes with its last key.
 *
 * @param data the description as it is
 * @param value undefined to take the key out
 */
export function editsFor(data: unknown, pointer: string, value: Value | undefined): DocumentEdit[] {
  if (value !== undefined) return [{ op: "set", pointer, value }];
  if (valueAt(data, pointer) === undefined) return [];
  let gone = pointer;
  for (let parent = above(gone); parent !== ""; parent = above(gone)) {
    const mapping = valueAt(data, parent);
    if (!isMapping(mapping) || Object.keys(mapping).length > 1) break;
    gone = parent;
  }
  return [remove(gone)];
}

function above(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf("/"));
}
