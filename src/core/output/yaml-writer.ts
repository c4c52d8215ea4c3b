/** Writes files that are data, and not text with values in it, as YAML. */
import { Document, type Pair, isMap, isScalar, visit } from "yaml";

/** A mapping's entries keep their order; an undefined one is left out. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | YamlMapping;
export interface YamlMapping {
  readonly [key: string]: YamlValue | undefined;
}

/** The text of a mapping, with an empty line between the entries of its first two levels. Ends with a line break. */
export function writeYaml(mapping: YamlMapping): string {
  // YAML 1.1, which quotes more: other readers take its words such as "no" and "off" for booleans.
  const document = new Document(mapping, { version: "1.1", aliasDuplicateObjects: false, keepUndefined: false });
  visit(document, {
    Pair(index, pair: Pair, path) {
      const first = isMap(path.at(-1)) && index === 0;
      if (path.length <= 4 && !first && isScalar(pair.key)) pair.key.spaceBefore = true;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true, directives: false });
}
