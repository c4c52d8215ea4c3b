/** Words in lines that a person can read. */

/** The most characters in a line of words. */
const maxWidth = 100;

/** The words in lines of at most 100 characters. */
export function lines(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const word of words) {
    const last = result.at(-1);
    if (last === undefined || last.length + 1 + word.length > maxWidth) result.push(word);
    else result[result.length - 1] = `${last} ${word}`;
  }
  return result;
}
