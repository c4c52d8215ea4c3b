/** Options that accept one of a few words. */
import { nearest } from "../core/nearest.ts";
import { once } from "./once.ts";

/** Checks the value that yargs read; `what` is the option's name. */
export function choice<T extends string>(what: string, words: readonly T[]): (value: string | string[]) => T {
  const one = once<string>(what);
  return (value) => wordOf(what, words, one(value));
}

/** The value as one of the words. @throws Error for any other value */
export function wordOf<T extends string>(what: string, words: readonly T[], value: string): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const meant = nearest(value, words);
  throw new Error(`Unknown ${what} ${value}; ${meant === undefined ? `use one of: ${words.join(", ")}.` : `did you mean ${meant}?`}`);
}
