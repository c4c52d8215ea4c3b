/** Limits on input. The limits on lists are in the schema. */

/** A description with a thousand domains has about 20 KB. */
export const limits = {
  /** Characters of a description. */
  size: 256 * 1024,
  /** Bytes that are read: more than the limit of characters can take, at up to three bytes each. */
  bytes: 4 * 256 * 1024,
  /** YAML tokens. Five thousand domains with their hyphens or commas are ten thousand. */
  tokens: 40_000,
  /** Nested collections. A valid description has at most four. */
  depth: 32,
  /** Aliases, and the values that they expand to in total. */
  aliases: 100,
  aliasedValues: 20_000,
  /** Host names: enough for five thousand mail domains with three names each, and five thousand others. */
  names: 20_000,
  /** Bytes of a mailcow.conf. mailcow's own file has about thirty thousand. */
  mailcowConf: 512 * 1024,
  /** Problems that are reported. Nobody reads more. */
  problems: 100,
} as const;
