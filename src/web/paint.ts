/**
 * Colours text without elements of its own: each kind of token is a set of ranges, which style.css colours by name. A text
 * stays one node, so it is quick to replace, and is copied as it is. Browsers without this show the text in one colour.
 */
import type { Token } from "./tokens.ts";

export interface Mark {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Colours an element's only text node. The result takes the colours away. */
export function paint(element: HTMLElement, marks: readonly (Token | Mark)[]): () => void {
  const node = element.firstChild;
  if (!(node instanceof globalThis.Text) || typeof Highlight === "undefined") return () => {};
  const { length } = node;
  const ranges = marks.filter(({ start, end }) => start < end && end <= length).map(({ kind, start, end }) => ({ kind, range: new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }) }));
  for (const { kind, range } of ranges) highlightOf(kind).add(range);
  return () => {
    for (const { kind, range } of ranges) highlightOf(kind).delete(range);
  };
}

function highlightOf(kind: string): Highlight {
  const known = CSS.highlights.get(kind);
  if (known !== undefined) return known;
  const made = new Highlight();
  // Problems are drawn above the colours of the text.
  made.priority = ["error", "warning", "note"].includes(kind) ? 1 : 0;
  CSS.highlights.set(kind, made);
  return made;
}
