/** Finds nodes of a compose file, and what is true of them. */
import { type Document, type Pair, type Scalar, type YAMLMap, isMap, isNode, isScalar, visit } from "yaml";
import type { Problem } from "../problems/problem.ts";

export type Path = readonly (string | number)[];

export function literalKey({ value }: Scalar): string {
  return String(value);
}

export function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

export function nodeAt(document: Document | undefined, path: Path): Pair | undefined {
  let [node, pair]: [unknown, Pair | undefined] = [document?.contents, undefined];
  for (const key of path) {
    pair = isMap(node) ? pairOf(node, String(key)) : undefined;
    node = pair?.value;
  }
  return pair;
}

/** Whether compose reads the node in a way of its own, by its tag. */
export function isForeign({ tag }: { tag?: string | undefined }): boolean {
  return tag !== undefined && !tag.startsWith("tag:yaml.org,2002:");
}

/** The place of a node; the beginning of the file for what is none. */
export function placeOf(node: unknown): Problem["place"] {
  const [offset, end] = isNode(node) ? (node.range ?? [0, 1]) : [0, 1];
  return { offset, end };
}

/** The anchors that an alias (`*name`) refers to. */
export function usedAnchors(document: Document | undefined): ReadonlySet<string> {
  const used = new Set<string>();
  if (document !== undefined) visit(document, { Alias: (_key, { source }) => void used.add(source) });
  return used;
}
