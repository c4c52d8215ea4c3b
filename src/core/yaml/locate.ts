/** Turns pointers and offsets into lines and columns. Nothing else does. */
import { type Document, type LineCounter, type Node, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { Place } from "../problems/problem.ts";
import { hide } from "../secrets/hide.ts";
import type { Span } from "../secrets/spans.ts";

interface Location {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly source: string | undefined;
}

export interface Located extends Location {
  /** Whether there is a secret at the place. */
  readonly secret: boolean;
}

/** The line and columns of a place; columns count code points of the text as it is shown. */
export function locate(place: Place, { text, secrets }: Shown, { lines, document }: Composed): Located {
  const [start, end] = range(place, document);
  const offset = Math.min(start, text.length);
  const { line, col } = lines.linePos(offset);
  const lineStart = offset - (col - 1);
  const lineEnd = endOfLine(text, lineStart);
  const { shown: source, place: placeOf } = hide(text, lineStart, lineEnd, secrets);
  const from = placeOf(Math.min(offset, lineEnd), "start");
  const marked = source.slice(from, placeOf(Math.min(Math.max(end, offset + 1), lineEnd), "end")).trimEnd();
  const secret = secrets.some((span) => span.start < Math.max(end, offset + 1) && span.end > offset);
  return { line, column: codePoints(source.slice(0, from)) + 1, length: Math.max(1, codePoints(marked)), source, secret };
}

/** A parsed text. */
interface Composed {
  readonly lines: LineCounter;
  readonly document: Document | undefined;
}

/** A text and its parts that are hidden. */
export interface Shown {
  readonly text: string;
  readonly secrets: readonly Span[];
}

/** The reference tokens of a JSON Pointer (RFC 6901). */
export function pointerTokens(pointer: string): string[] {
  return pointer.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The pointer of a key or index below another pointer. */
export function pointerTo(parent: string, token: string | number): string {
  return `${parent}/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The offsets of a node in the text. */
export interface Range {
  readonly offset: number;
  readonly end: number;
}

export function rangeOf(node: Node): Range {
  const [offset, end] = node.range ?? [0, 0];
  return { offset, end };
}

function range(place: Place, document: Document | undefined): [number, number] {
  if ("offset" in place) return [place.offset, place.end ?? place.offset + 1];
  let node: Node | undefined = document?.contents ?? undefined;
  let key: Node | undefined;
  if (document === undefined) return [0, 1];
  for (const token of pointerTokens(place.pointer)) {
    const collection: Node | undefined = isAlias(node) ? node.resolve(document) : node;
    if (isMap(collection)) {
      const pair = collection.items.find((item) => isScalar(item.key) && String(item.key.value) === token);
      // A missing key has its default; use the nearest key above its place.
      if (pair === undefined) break;
      key = isNode(pair.key) ? pair.key : key;
      node = isNode(pair.value) ? pair.value : undefined;
    } else if (isSeq(collection)) {
      const item: unknown = collection.items[Number(token)];
      if (!isNode(item)) break;
      node = item;
      key = item;
    } else {
      break;
    }
  }
  // For a missing value (`port:`) or a whole block, mark the key.
  const shown = place.on === "key" || node === undefined || (key !== undefined && (isMap(node) || isSeq(node)) && !node.flow) ? key : node;
  return shown?.range ? [shown.range[0], shown.range[1]] : [0, 1];
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  if (end === -1) return text.length;
  return text.charAt(end - 1) === "\r" && end > start ? end - 1 : end;
}

export function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
