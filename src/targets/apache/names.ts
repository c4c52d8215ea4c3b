/** The site's names as regular expressions, each small enough for PCRE2. */
import type { Names } from "../../core/site/site.ts";
import { alternatives, anyDomain, quoted } from "../shared/spelling.ts";

/** A `Define` with some of the names. */
export interface NameList {
  readonly variable: string;
  /** Its value, for use in a regular expression. */
  readonly value: string;
  /** Alternatives of an extended regular expression without capturing groups, for names in lower case. */
  readonly names: readonly string[];
}

/** A compiled PCRE2 expression has at most 64 KiB. Each character takes two bytes, and each alternative about ten more. */
const maxCompiled = 40_000;

/** Splits the names into as few lists as possible. @param variable the variable of the first list; the others get a number after it */
export function nameLists(variable: string, names: Names): NameList[] {
  const lists: string[][] = [];
  let size = maxCompiled;
  for (const name of nameRegexes(names)) {
    const compiled = 2 * name.length + 10;
    if (size + compiled > maxCompiled) {
      lists.push([]);
      size = 0;
    }
    size += compiled;
    lists.at(-1)?.push(name);
  }
  return lists.map((list, index) => {
    const name = index === 0 ? variable : `${variable}_${index + 1}`;
    return { variable: name, value: `\${${name}}`, names: list };
  });
}

function nameRegexes({ exact, prefixes }: Names): string[] {
  return [...exact.map(quoted), ...alternatives(prefixes.map(quoted)).map((some) => `(?:${some})${anyDomain}`)];
}
