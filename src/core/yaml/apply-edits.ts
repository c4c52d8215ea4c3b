/** Applies the edits of a help to a description, and keeps its comments. Not part of the program, which writes no YAML. */
import { type Document, type Node, type YAMLMap, type YAMLSeq, Pair, Scalar, isAlias, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, visit } from "yaml";
import type { Value } from "../description/new-description.ts";
import type { Edit } from "../problems/edit.ts";
import { pointerTokens } from "./locate.ts";

/** An edit of a help, or a value with mappings in it. */
export type DocumentEdit = Edit | { readonly op: "set"; readonly pointer: string; readonly value: Value };

/**
 * The description with the changes made, for example those of a diagnostic. Comments stay.
 *
 * @param text a description in valid YAML
 * @throws Error when there is no place for an edit
 */
export function applyEdits(text: string, edits: readonly DocumentEdit[]): string {
  const document: Document = parseDocument(text, { stringKeys: true, resolveKnownTags: false, uniqueKeys: false });
  for (const edit of edits) apply(document, edit);
  visit(document, { Seq: (_key, list) => spaced(list, ""), Map: (_key, mapping) => spaced(mapping, " ") });
  return document.toString({ lineWidth: 0 });
}

/** On one line, lists are written as `[a, b]` and mappings as `{ a: b }`. */
function spaced(collection: YAMLMap | YAMLSeq, flowCollectionPadding: string): void {
  if (collection.flow !== true) return;
  const write = collection.toString.bind(collection);
  collection.toString = (context, ...rest) => write(context && { ...context, flowCollectionPadding }, ...rest);
}

function apply(document: Document, edit: DocumentEdit): void {
  const { parent, key } = placeOf(document, edit.pointer);
  if (edit.op === "set") return put(document, parent, key, edit.value);
  if (edit.op === "remove") {
    release(document, parent.get(key, true));
    if (isMap(parent)) take(document, parent, key);
    else parent.delete(key);
    return;
  }
  const to = placeOf(document, edit.to);
  if (!isMap(parent) || !isMap(to.parent)) throw new Error("only the keys of mappings can be moved");
  const pair = parent === to.parent ? pairOf(parent, key) : take(document, parent, key);
  if (pair === undefined) throw new Error(`there is nothing at ${edit.pointer}`);
  if (isScalar(pair.key)) pair.key.value = to.key;
  if (parent !== to.parent) to.parent.items.push(pair);
}

/** Takes a key out of a mapping, with the comment above it. */
function take(document: Document, map: YAMLMap, key: string | number): Pair | undefined {
  const pair = pairOf(map, key);
  if (pair === undefined) return undefined;
  // The comment above the first key belongs to the mapping; that of the whole file stays.
  if (map.items[0] === pair && map !== document.contents && isScalar(pair.key)) {
    pair.key.commentBefore = map.commentBefore ?? null;
    map.commentBefore = null;
  }
  map.items.splice(map.items.indexOf(pair), 1);
  return pair;
}

/** The collection of a pointer's last token; mappings that are missing above it are added. */
function placeOf(document: Document, pointer: string): { parent: YAMLMap | YAMLSeq; key: string | number } {
  const tokens = pointerTokens(pointer);
  let parent: unknown = document.contents;
  for (const token of tokens.slice(0, -1)) {
    if (!isMap(parent) && !isSeq(parent)) break;
    parent = childOf(document, parent, isSeq(parent) ? Number(token) : token);
  }
  const [last = ""] = tokens.slice(-1);
  if (isSeq(parent)) return { parent, key: Number(last) };
  if (isMap(parent)) return { parent, key: last };
  throw new Error(`there is no collection at ${pointer}`);
}

function childOf(document: Document, parent: YAMLMap | YAMLSeq, key: string | number): unknown {
  const child: unknown = parent.get(key, true);
  if (isAlias(child)) {
    // The value of an anchor stays as it is for its other aliases.
    const copy = copyOf(child.resolve(document));
    parent.set(key, copy);
    return copy;
  }
  if (isCollection(child)) {
    release(document, child, false);
    return child;
  }
  put(document, parent, key, {});
  return parent.get(key, true);
}

function put(document: Document, parent: YAMLMap | YAMLSeq, key: string | number, value: Value): void {
  const before: unknown = parent.get(key, true);
  release(document, before);
  const node = document.createNode(value);
  if (isCollection(node)) node.flow = parent.flow === true || (isSeq(node) ? !node.items.some(isCollection) : isSeq(parent));
  // A mapping in a list stands on one line.
  if (isSeq(node)) for (const item of node.items) if (isCollection(item)) item.flow = true;
  if (isNode(before)) {
    node.comment = before.comment ?? null;
    node.commentBefore = before.commentBefore ?? null;
    if (before.spaceBefore === true) node.spaceBefore = true;
  }
  const pair = isMap(parent) ? pairOf(parent, key) : undefined;
  if (pair !== undefined) pair.value = node;
  else if (isMap(parent)) parent.items.push(new Pair(new Scalar(key), node));
  else parent.set(key, node);
}

function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Replaces the aliases of what is about to change by copies of it. @param inside whether all that is in it changes, too */
function release(document: Document, node: unknown, inside = true): void {
  if (!isNode(node)) return;
  const anchored = new Set<unknown>();
  visit(document, { Node: (_key, each, path) => void ((each === node || (inside && path.includes(node))) && "anchor" in each && each.anchor !== undefined && anchored.add(each)) });
  if (anchored.size === 0) return;
  visit(document, {
    Alias(_key, alias) {
      const source = alias.resolve(document);
      return anchored.has(source) ? copyOf(source) : undefined;
    },
  });
}

function copyOf(node: Node | undefined): Node {
  if (node === undefined) throw new Error("an alias has no anchor");
  const copy = node.clone();
  if (!isNode(copy)) throw new Error("the copy of a node is a node");
  visit(copy, { Value: (_key, each) => void delete each.anchor });
  return copy;
}
