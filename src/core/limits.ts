/** How much of everything a description may have; lists have their limits in the schema. */

/** Limits on a description; one of a thousand domains is some 20 KB. */
export const limits = {
  /** Characters of text. */
  size: 256 * 1024,
  /** Collections in collections. A valid description has four. */
  depth: 32,
  /** Aliases, and the values that they stand for together. */
  aliases: 100,
  aliasedValues: 1000,
  /** Problems that are reported; somebody with more of them has another one. */
  problems: 100,
} as const;
