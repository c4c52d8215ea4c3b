/** Misspelt words. */
import { closest, distance } from "fastest-levenshtein";

/** A word as it is however somebody spells it. */
export function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** The allowed word a misspelt one is nearest to, when it is near at all. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const same = allowed.find((candidate) => plain(candidate) === plain(word));
  if (same !== undefined || allowed.length === 0 || word.length > 64) return same;
  const candidate = closest(word.toLowerCase(), allowed);
  const near = Math.max(Math.floor(candidate.length / 3), Math.min(2, candidate.length - 2));
  return distance(word.toLowerCase(), candidate) <= near ? candidate : undefined;
}
