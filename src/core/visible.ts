/** Escapes text so that it cannot control the terminal or page that shows it. */

/** Control characters, invisible characters, and those that change the direction of text. */
export const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;

/** Replaces characters that cannot be printed with their code: `<U+001B>`. */
export function visible(text: string): string {
  return Array.from(text, (character) => (unprintable.test(character) ? `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>` : character)).join("");
}

/** The value as indented JSON, with characters that cannot be printed as JSON escapes. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replaceAll(/\P{ASCII}|\x7f/gu, (character) => (unprintable.test(character) ? escaped(character) : character));
}

/** Escapes UTF-16 units, as in JSON. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}
