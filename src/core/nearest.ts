/** Finds the word that a misspelt one was meant to be. */
import { closest, distance } from "fastest-levenshtein";

/** A word in one spelling, for comparison. */
export function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, "");
}

/** The most similar allowed word, if one is similar enough. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const same = allowed.find((candidate) => plain(candidate) === plain(word));
  if (same !== undefined || allowed.length === 0 || word.length > 64) return same;
  const candidate = closest(word.toLowerCase(), allowed);
  const near = Math.max(Math.floor(candidate.length / 3), Math.min(2, candidate.length - 2));
  return distance(word.toLowerCase(), candidate) <= near ? candidate : undefined;
}
