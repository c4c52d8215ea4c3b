/** Parts of a compose file that aliases use in other places as well. */
import { type Document, type Node, visit } from "yaml";

/** The anchors that an alias (`*name`) refers to. */
export function usedAnchors(document: Document | undefined): ReadonlySet<string> {
  const used = new Set<string>();
  if (document !== undefined) visit(document, { Alias: (_key, { source }) => void used.add(source) });
  return used;
}

export function anchorOf(node: Node): string | undefined {
  return "anchor" in node ? node.anchor : undefined;
}
