/** An option that takes one of a few words. */
import { nearest } from "../core/nearest.ts";
import { once } from "./once.ts";

/** Makes the option's value of what yargs read: `what` is the option's name. */
export function choice<T extends string>(what: string, words: readonly T[]): (value: string | string[]) => T {
  const one = once<string>(what);
  return (value) => wordOf(what, words, one(value));
}

/** The word that was meant. @throws Error for another one */
export function wordOf<T extends string>(what: string, words: readonly T[], value: string): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const meant = nearest(value, words);
  throw new Error(`There is no ${what} ${value}; ${meant === undefined ? `the ${what}s are ${words.join(", ")}.` : `did you mean ${meant}?`}`);
}
