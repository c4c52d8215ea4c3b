/** Text that cannot steer what it is shown on. */

/** Control characters, and what turns the direction of text or is not seen. */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

/** Names what cannot be printed: `<U+001B>`. */
export function visible(text: string): string {
  return Array.from(text, (character) => (unprintable.test(character) ? `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>` : character)).join("");
}
