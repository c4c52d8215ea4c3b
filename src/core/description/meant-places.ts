/** Finds where an unknown key was meant to be. */
import type { Problem } from "../problems/problem.ts";
import { pointerTo } from "../yaml/locate.ts";

/** Where a misspelt or misplaced key was meant to be: it is not missing there. */
export function meantPlaces({ code, arguments: facts, place }: Problem): string[] {
  if (code !== "unknown-key" || facts.suggestion === undefined || facts.suggestion.given || !("pointer" in place)) return [];
  const { suggestion } = facts;
  if (suggestion.kind === "elsewhere") return suggestion.mappings.map((mapping) => pointerTo(mapping, facts.key));
  return [pointerTo(place.pointer.slice(0, place.pointer.lastIndexOf("/")), suggestion.key)];
}
