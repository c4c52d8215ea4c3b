/** Finds where to add keys and entries in the text of a YAML document, and writes them as the text around them. */
import { type Document, type Node, type Pair, type YAMLMap, type YAMLSeq, isCollection, isMap, isNode, isPair, isScalar, visit } from "yaml";
import type { ComposeMapping } from "../merged/values.ts";
import { flow } from "../yaml/flow.ts";
import { block, inline, isEmpty } from "./write.ts";

/** A part of the text to replace. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** @param edits without overlaps; several at one place keep their order */
export function edited(text: string, edits: readonly TextEdit[]): string {
  let at = 0;
  const parts = edits
    .toSorted((left, right) => left.start - right.start)
    .map(({ start, end, text: part }) => {
      const kept = text.slice(at, start);
      at = end;
      return kept + part;
    });
  return parts.join("") + text.slice(at);
}

export class Inserter {
  private readonly lineEnd: string;
  private readonly step: number;

  /** @param mark what stands behind each added key of a service */
  constructor(
    private readonly text: string,
    document: Document | undefined,
    private readonly mark: string,
  ) {
    this.lineEnd = /\r?\n/.exec(text)?.[0] ?? "\n";
    this.step = stepOf(text, document);
  }

  /** @param depth the number of keys above the mapping */
  intoMapping(map: YAMLMap, wanted: ComposeMapping, depth: number): TextEdit {
    if (map.flow === true) return this.intoFlow(map, Object.entries(wanted).map(([key, value]) => `${flow(key)}: ${isEmpty(value) ? "null" : inline(value)}`));
    const [first] = map.items;
    const last = map.items.at(-1);
    return this.below(endOfPair(last), this.block(wanted, this.columnOf(first?.key), depth));
  }

  /** Below a key without a value, in place of `null`, or at the end of a file without any key. */
  intoNothing(pair: Pair | undefined, wanted: ComposeMapping, depth: number): TextEdit {
    if (pair === undefined) {
      const { length } = this.text;
      const apart = this.text === "" || this.text.endsWith("\n") ? "" : this.lineEnd;
      return { start: length, end: length, text: apart + this.block(wanted, 0, depth) };
    }
    const { key, value } = pair;
    const [start = 0, end = 0] = isScalar(value) ? (value.range ?? []) : [];
    if (end > start) return { start, end, text: inline(wanted) };
    return this.below(isNode(key) ? (key.range?.[1] ?? 0) : 0, this.block(wanted, this.columnOf(key) + this.step, depth));
  }

  /** @param entries in YAML */
  intoSequence(list: YAMLSeq, entries: readonly string[]): TextEdit {
    if (list.flow === true) return this.intoFlow(list, entries);
    const column = this.columnAt(list.range?.[0] ?? 0);
    const lines = entries.map((entry) => `${" ".repeat(column)}- ${entry}${this.mark}${this.lineEnd}`).join("");
    return this.below(endOf(list.items.at(-1)), lines);
  }

  /** Without the lines of a key or entry. @param last the node with which it ends */
  withoutLines(node: Node, last: Node): TextEdit {
    const start = (node.range?.[0] ?? 0) - this.columnOf(node);
    const feed = this.text.indexOf("\n", Math.max(endOf(last), endOf(node)));
    return { start, end: feed === -1 ? this.text.length : feed + 1, text: "" };
  }

  private intoFlow(collection: YAMLMap | YAMLSeq, parts: readonly string[]): TextEdit {
    const [start, end] = collection.range ?? [0, 0];
    const last = collection.items.at(-1);
    const inside = parts.join(", ");
    const padding = isMap(collection) ? " " : "";
    if (last === undefined) return { start, end, text: isMap(collection) ? `{ ${inside} }` : `[${inside}]` };
    const at = isPair(last) ? endOfPair(last) : endOf(last);
    const comma = this.text.slice(at, end - 1).trimEnd().endsWith(",");
    return comma ? { start: end - 1, end: end - 1, text: `${inside}${padding}` } : { start: at, end: at, text: `, ${inside}` };
  }

  /** Lines below the line of an offset. */
  private below(offset: number, lines: string): TextEdit {
    // A block of text ends with its last line end.
    const isAtStart = offset > 0 && this.text[offset - 1] === "\n";
    const feed = this.text.indexOf("\n", offset);
    const at = isAtStart ? offset : feed === -1 ? this.text.length : feed + 1;
    const apart = at === 0 || this.text[at - 1] === "\n" ? "" : this.lineEnd;
    return { start: at, end: at, text: apart + lines };
  }

  private block(mapping: ComposeMapping, column: number, depth: number): string {
    return block(mapping, { column, depth, step: this.step, lineEnd: this.lineEnd, mark: this.mark });
  }

  private columnOf(node: unknown): number {
    return isNode(node) ? this.columnAt(node.range?.[0] ?? 0) : 0;
  }

  private columnAt(offset: number): number {
    return offset - (this.text.lastIndexOf("\n", offset - 1) + 1);
  }
}

/** The end of what a pair has in the text, without a comment behind it. */
function endOfPair(pair: Pair | undefined): number {
  const value = isNode(pair?.value) && !isMissing(pair.value) ? endOf(pair.value) : 0;
  return Math.max(value, endOf(pair?.key));
}

function endOf(node: unknown): number {
  if (!isNode(node)) return 0;
  const last = isCollection(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (isPair(last)) return endOfPair(last);
  if (isNode(last) && !isMissing(last)) return endOf(last);
  return node.range?.[1] ?? 0;
}

/** Whether there is nothing in the text for the node. Its place may be behind comments. */
function isMissing(node: Node): boolean {
  const [start, end] = node.range ?? [0, 0];
  return isScalar(node) && start === end;
}

/** The columns by which the file indents, two if it does not. */
function stepOf(text: string, document: Document | undefined): number {
  let step: number | undefined;
  const columnOf = (node: unknown) => (isNode(node) && node.range ? node.range[0] - (text.lastIndexOf("\n", node.range[0] - 1) + 1) : 0);
  if (document !== undefined) {
    visit(document, {
      Pair(_key, pair) {
        const [first] = isMap(pair.value) && pair.value.flow !== true ? pair.value.items : [];
        const difference = first === undefined ? 0 : columnOf(first.key) - columnOf(pair.key);
        if (difference <= 0) return undefined;
        step = difference;
        return visit.BREAK;
      },
    });
  }
  return step ?? 2;
}
