/** Sets values in mailcow's docker-compose.override.yml and leaves every other byte unchanged. */
import { type Document, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { ComposeMapping, ComposeValue, ChangedValue, Wanted } from "../merged/values.ts";
import type { Problem } from "../problems/problem.ts";
import { flow } from "../yaml/flow.ts";
import type { Parsed } from "../yaml/parse.ts";
import { covers, isData, keeps, scalarText } from "./data.ts";
import { type TextEdit, Inserter, edited } from "./insert.ts";
import { foreignOptions } from "./log-options.ts";
import { type Path, isForeign, literalKey, nodeAt, pairOf, placeOf, usedAnchors } from "./nodes.ts";
import { publishedElsewhere } from "./published.ts";
import { readCompose } from "./read.ts";
import { inline, isMapping, markOf } from "./write.ts";

export interface MergedCompose {
  readonly text: string;
  readonly changes: readonly ChangedValue[];
  readonly problems: readonly Problem[];
}

type Services = Readonly<Record<string, ComposeMapping>>;

/** The values of each target in turn. With an error, the text is the original one. @param parsed the text as it is read */
export function mergeCompose(text: string, wanted: readonly Wanted<Services>[], parsed = readCompose(text)): MergedCompose {
  if (parsed.problems.length > 0) return { text, changes: [], problems: parsed.problems };
  // Report all problems with their places in the original text.
  const each = wanted.map((one) => mergeOne(text, parsed, one));
  const publishes = wanted.some(({ values }) => Object.values(values).some((service) => Object.hasOwn(service, "ports")));
  const problems = [...(publishes ? publishedElsewhere(parsed) : []), ...wanted.flatMap(({ values }) => foreignOptions(parsed.document, values)), ...each.flatMap((one) => one.problems)];
  if (problems.length > 0) return { text, changes: [], problems };
  const [first = { text, changes: [], problems: [] }] = each;
  return wanted.slice(1).reduce<MergedCompose>((before, one) => {
    if (before.problems.length > 0) return before;
    const next = mergeOne(before.text, readCompose(before.text), one);
    return next.problems.length > 0 ? { text, changes: [], problems: [unmergeable(one)] } : { text: next.text, changes: [...before.changes, ...next.changes], problems: [] };
  }, first);
}

function mergeOne(text: string, parsed: Parsed, wanted: Wanted<Services>): MergedCompose {
  const { document } = parsed;
  const merging = new Merging(text, document, wanted.target);
  const root = document?.contents ?? undefined;
  const values = { services: wanted.values };
  if (isMap(root)) merging.mapping(root, values, []);
  else merging.fill(undefined, values, []);
  merging.obsoletePorts(wanted.values);
  if (merging.problems.length > 0) return { text, changes: [], problems: merging.problems };
  if (merging.edits.length === 0) return { text, changes: [], problems: [] };
  const result = edited(text, merging.edits);
  const after = readCompose(result);
  // An unusual layout may need another edit than these; then the file stays as it is.
  const isRight = after.problems.length === 0 && covers(after.data, values) && keeps(after.data, parsed.data, merging);
  return isRight ? { text: result, changes: merging.changes, problems: [] } : { text, changes: [], problems: [unmergeable(wanted)] };
}

function unmergeable({ values }: Wanted<Services>): Problem {
  return { code: "merged-layout", arguments: { values: Object.entries(values).map(([service, keys]) => `services.${service}: ${inline(keys)}`).join("; ") }, place: { offset: 0 } };
}

/** The number of keys above a value that a target owns: `services`, and the name of the service. */
const shared = 2;

class Merging {
  readonly edits: TextEdit[] = [];
  readonly changes: ChangedValue[] = [];
  readonly problems: Problem[] = [];
  /** Paths of changed values, as JSON. */
  readonly replaced = new Set<string>();
  readonly removed = new Set<string>();
  private readonly inserter: Inserter;
  private readonly used: ReadonlySet<string>;

  constructor(
    private readonly text: string,
    private readonly document: Document | undefined,
    private readonly target: string,
  ) {
    this.inserter = new Inserter(text, document, markOf(target));
    this.used = usedAnchors(document);
  }

  /** Existing keys come first: what is added inside the last one stands before what is added behind it. */
  mapping(map: YAMLMap, wanted: ComposeMapping, path: Path): void {
    const missing: Record<string, ComposeValue> = {};
    for (const [key, value] of Object.entries(wanted)) {
      const pair = pairOf(map, key);
      if (pair !== undefined) this.pair(pair, value, [...path, key]);
      else if (!this.inherited(map, key, value, [...path, key])) missing[key] = value;
    }
    if (isLabels(path) && map.flow !== true) for (const { key, value } of map.items) if (isScalar(key) && !Object.hasOwn(wanted, literalKey(key))) this.obsolete(key, isNode(value) ? value : key, [...path, literalKey(key)]);
    if (Object.keys(missing).length > 0) this.add(this.inserter.intoMapping(map, missing, path.length), missing, path);
  }

  /** Removes the line of a label that an earlier run has written. @param last the node with which its text ends */
  private obsolete(node: Scalar, last: Node, path: Path): void {
    if (!this.isMarked(node)) return;
    this.edits.push(this.inserter.withoutLines(node, last));
    this.changes.push({ key: path.join("."), before: scalarText(isScalar(last) ? last.value : undefined), after: undefined });
    this.removed.add(JSON.stringify(path));
  }

  /** Removes the ports that an earlier run has written and that are not wanted any more. */
  obsoletePorts(wanted: Services): void {
    const services = nodeAt(this.document, ["services"])?.value;
    for (const { key, value } of isMap(services) ? services.items : []) {
      const name = isScalar(key) ? literalKey(key) : "";
      const pair = isMap(value) ? pairOf(value, "ports") : undefined;
      if (!isSeq(pair?.value) || pair.value.flow === true) continue;
      const { items } = pair.value;
      const ports = [wanted[name]?.["ports"] ?? []].flat();
      const gone = items.flatMap((item, index) => (isScalar(item) && this.isMarked(item) && !ports.some((one) => covers(item.value, one)) ? [{ item, index }] : []));
      for (const { item, index } of gone) this.obsolete(item, item, ["services", name, "ports", index]);
      if (gone.length < items.length || ports.length > 0) continue;
      // Compose wants a list there, be it empty.
      const colon = (isNode(pair.key) ? (pair.key.range?.[1] ?? 0) : 0) + 1;
      this.edits.push({ start: colon, end: colon, text: " []" });
    }
  }

  /** Adds keys where there is nothing yet. */
  fill(pair: Pair | undefined, wanted: ComposeMapping, path: Path): void {
    this.add(this.inserter.intoNothing(pair, wanted, path.length), wanted, path);
  }

  private add(edit: TextEdit, wanted: ComposeValue, path: Path): void {
    this.edits.push(edit);
    this.note(wanted, path);
  }

  /** One line for each key of a service. */
  private note(value: ComposeValue, path: Path): void {
    if (isMapping(value) && path.length <= shared) for (const [key, inner] of Object.entries(value)) this.note(inner, [...path, key]);
    else this.changes.push({ key: path.join("."), before: undefined, after: inline(value) });
  }

  private pair(pair: Pair, wanted: ComposeValue, path: Path): void {
    const { value } = pair;
    if (!isNode(value)) return this.fixed(pair, wanted, path);
    if (isAlias(value) || isForeign(value)) {
      if (!this.fits(value, wanted) || value.tag === "!reset") this.fixed(pair, wanted, path);
      return;
    }
    const anchor = this.sharedBy(value);
    if (anchor !== undefined && !this.fits(value, wanted)) return void this.problems.push({ code: "merged-shared", arguments: { key: path.join("."), anchor }, place: placeOf(pair.key) });
    if (isMapping(wanted)) {
      if (isMap(value)) return this.mapping(value, wanted, path);
      if (isSeq(value)) return this.assignments(value, wanted, path);
      if (isScalar(value) && value.value === null) return this.fill(pair, wanted, path);
      return this.differs(pair, value, wanted, path);
    }
    if (this.fits(value, wanted)) return;
    if (typeof wanted === "string") {
      if (isScalar(value) && this.isOurs(pair, path)) return this.replace(value, wanted, path);
      return this.differs(pair, value, wanted, path);
    }
    this.words(pair, value, wanted, path);
  }

  /** A list of words: the missing ones are added. Some lists, such as networks, may be written as a mapping. */
  private words(pair: Pair, value: Node, wanted: readonly string[], path: Path): void {
    const missing = wanted.filter((one) => !this.fits(value, [one]));
    if (isSeq(value)) this.add(this.inserter.intoSequence(value, missing.map(inline)), missing, path);
    else if (isMap(value)) this.add(this.inserter.intoMapping(value, Object.fromEntries(missing.map((one) => [one, {}])), path.length), missing, path);
    else this.differs(pair, value, wanted, path);
  }

  /** Labels, variables and the like may be a list of KEY=VALUE. */
  private assignments(list: YAMLSeq, wanted: ComposeMapping, path: Path): void {
    const missing = Object.entries(wanted).flatMap(([key, value]): string[] => {
      const index = list.items.findIndex((item) => isScalar(item) && (item.value === key || scalarText(item.value).startsWith(`${key}=`)));
      const item = list.items[index];
      if (typeof value !== "string" || (item !== undefined && !isScalar(item))) return [];
      const assignment = `${key}=${value}`;
      if (item === undefined) return [assignment];
      if (item.value === assignment) return [];
      const at = [...path, index];
      const anchor = this.sharedBy(item);
      if (anchor !== undefined) this.problems.push({ code: "merged-shared", arguments: { key: [...path, key].join("."), anchor }, place: placeOf(item) });
      else if (this.isMarked(item)) this.replace(item, `${key}=${value}`, at);
      else this.problems.push({ code: "merged-differs", arguments: { key: [...path, key].join("."), value: scalarText(item.value).slice(key.length + 1), wanted: value, isList: false }, place: placeOf(item) });
      return [];
    });
    if (isLabels(path) && list.flow !== true) for (const [index, item] of list.items.entries()) if (isScalar(item) && !Object.hasOwn(wanted, scalarText(item.value).replace(/=.*$/s, ""))) this.obsolete(item, item, [...path, index]);
    if (missing.length === 0) return;
    this.edits.push(this.inserter.intoSequence(list, missing.map((one) => flow(one))));
    for (const one of missing) this.changes.push({ key: path.join("."), before: undefined, after: one });
  }

  private replace(value: Scalar, wanted: string, path: Path): void {
    const [start, end] = value.range ?? [0, 0];
    this.edits.push({ start, end, text: inline(wanted) });
    this.changes.push({ key: path.join("."), before: scalarText(value.value), after: wanted });
    this.replaced.add(JSON.stringify(path));
  }

  /** Whether a merge key (`<<`) has the value; one that it has otherwise cannot be changed there. */
  private inherited(map: YAMLMap, key: string, wanted: ComposeValue, path: Path): boolean {
    const merge = pairOf(map, "<<");
    if (merge === undefined || !isNode(merge.value) || this.document === undefined) return false;
    const data: unknown = merge.value.toJS(this.document, { maxAliasCount: -1 });
    const found = [data].flat().find((one) => isData(one) && Object.hasOwn(one, key));
    if (!isData(found)) return false;
    if (!covers(found[key], wanted)) this.fixed(merge, wanted, path);
    return true;
  }

  private fits(value: Node, wanted: ComposeValue): boolean {
    return this.document !== undefined && covers(value.toJS(this.document, { maxAliasCount: -1 }), wanted);
  }

  private differs(pair: Pair, value: Node, wanted: ComposeValue, path: Path): void {
    const place = isScalar(value) && value.value !== null && value.value !== "" ? value : pair.key;
    this.problems.push({ code: "merged-differs", arguments: { key: path.join("."), value: isScalar(value) ? scalarText(value.value) : isSeq(value) ? "a list" : "a mapping", wanted: typeof wanted === "string" ? wanted : inline(wanted), isList: false }, place: placeOf(place) });
  }

  private fixed(pair: Pair, wanted: ComposeValue, path: Path): void {
    this.problems.push({ code: "merged-elsewhere", arguments: { key: path.join("."), wanted: inline(wanted) }, place: placeOf(pair.key) });
  }

  /** The anchor with which other places use the node, too: what is changed in it would change there as well. */
  private sharedBy(node: Node): string | undefined {
    const anchor = "anchor" in node ? node.anchor : undefined;
    return anchor !== undefined && this.used.has(anchor) ? anchor : undefined;
  }

  /** Whether an earlier run wrote the value: the line of its key, or of a key above it below the service, has the mark. */
  private isOurs(pair: Pair, path: Path): boolean {
    const above = path.slice(shared, -1).map((_key, depth) => nodeAt(this.document, path.slice(0, shared + 1 + depth)));
    return [pair, ...above].some((one) => one !== undefined && this.isMarked(one.key));
  }

  private isMarked(node: unknown): boolean {
    if (!isNode(node)) return false;
    const [line = ""] = this.text.slice(node.range?.[1] ?? 0).split("\n", 1);
    return line.trimEnd().endsWith(markOf(this.target));
  }
}

/** Labels have their marks one by one, so those that are no longer wanted can be told from the administrator's. */
function isLabels(path: Path): boolean {
  return path.length === shared + 1 && path.at(-1) === "labels";
}
