/** Words for sentences. */

/** The last key of a pointer. */
export function keyOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf("/") + 1);
}

/** A pointer for a sentence: `mailcow.https.port`. */
export function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}

/** Words for a sentence: `a, b and c`. */
export const all = (words: readonly string[]) => [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");

/** A list for a sentence: `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
