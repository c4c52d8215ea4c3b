/** Text that cannot steer what it is shown on. */

/** Control characters, and what turns the direction of text or is not seen. */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

/** Names what cannot be printed: `<U+001B>`. */
export function visible(text: string): string {
  return Array.from(text, (character) => (unprintable.test(character) ? `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>` : character)).join("");
}

/** JSON of the value, indented; what cannot be printed is escaped in it, and read back as it was. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(/\P{ASCII}|\x7f/gu, (character) => (unprintable.test(character) ? escaped(character) : character));
}

/** In UTF-16, as JSON has it. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
