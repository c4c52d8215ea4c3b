/** Checks aliases and the size of what they stand for. */
import { type Document, isAlias, isCollection, isNode, isPair } from "yaml";
import { textOf } from "../description/explain.ts";
import { limits } from "../limits.ts";
import { type Range, rangeOf } from "./locate.ts";
import type { Problem } from "../problems/problem.ts";

interface Anchored {
  /** The number of values in it, including those of its aliases; undefined until its end is reached. */
  size: number | undefined;
}

/** Problems with aliases that have no anchor, that contain themselves, or that expand to too many values. */
export function aliasProblems(document: Document): Problem[] {
  const problems: Problem[] = [];
  const anchors = new Map<string, Anchored>();
  let aliased = 0;
  const aliasSize = (source: string, place: Range): number => {
    const target = anchors.get(source);
    if (target?.size === undefined) {
      const name = textOf(source);
      // YAML reads `*.example.org` without quotes as an alias.
      if (source.startsWith(".")) problems.push({ code: "yaml-wildcard", arguments: { name }, place });
      else problems.push({ code: "yaml-alias", arguments: { name, circular: target !== undefined }, place });
      return 1;
    }
    if (aliased <= limits.aliasedValues && aliased + target.size > limits.aliasedValues) {
      problems.push({ code: "yaml-alias-limit", arguments: {}, place });
    }
    aliased += target.size;
    return target.size;
  };
  // The recursion is safe, because the depth of documents is limited.
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) return aliasSize(node.source, rangeOf(node));
    if (isPair(node)) return sizeOf(node.key) + sizeOf(node.value);
    const anchored: Anchored = { size: undefined };
    if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, anchored);
    const size = isCollection(node) ? node.items.reduce<number>((sum, item) => sum + sizeOf(item), 1) : 1;
    anchored.size = size;
    return size;
  };
  sizeOf(document.contents);
  return problems;
}
