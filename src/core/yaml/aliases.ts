/** Aliases: what each stands for, and how much. */
import { type Document, isAlias, isCollection, isNode, isPair } from "yaml";
import { textOf } from "../description/explain.ts";
import { limits } from "../limits.ts";
import { type Range, rangeOf } from "./locate.ts";
import type { Problem } from "../problems/problem.ts";

interface Anchored {
  /** Values in it, those that its aliases stand for included; undefined until it ends. */
  size: number | undefined;
}

/** Aliases that stand for nothing, for what they are in, or together for too much. */
export function aliasProblems(document: Document): Problem[] {
  const problems: Problem[] = [];
  const anchors = new Map<string, Anchored>();
  let aliased = 0;
  const aliasSize = (source: string, place: Range): number => {
    const target = anchors.get(source);
    if (target?.size === undefined) {
      const name = textOf(source);
      // `*.example.org` without quotes is an alias to YAML.
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
  // Recursion is no danger here: the depth of a document has its limit.
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
