/** How much of everything a description may have; lists have their limits in the schema. */

/** Limits on a description; one of a thousand domains is some 20 KB. */
export const limits = {
  /** Characters of text. */
  size: 256 * 1024,
  /** Bytes that are read: a character takes three at most, so these are always too many. */
  bytes: 4 * 256 * 1024,
  /** Words and signs. Five thousand domains, with their hyphens or commas, are ten thousand. */
  tokens: 40_000,
  /** Collections in collections. A valid description has four. */
  depth: 32,
  /** Aliases, and the values that they stand for together. */
  aliases: 100,
  aliasedValues: 20_000,
  /** Names that a description comes to: five thousand mail domains have three each, and there are five thousand others. */
  names: 20_000,
  /** Bytes of a mailcow.conf. mailcow's own has some thirty thousand. */
  mailcowConf: 512 * 1024,
  /** Problems that are reported; somebody with more of them has another one. */
  problems: 100,
} as const;
