/** Descriptions that were valid, changed byte by byte or node by node of their YAML. */
import fc from "fast-check";
import { Document, Pair, Scalar, YAMLMap, YAMLSeq, isCollection, isMap, isPair, isScalar, isSeq, stringify, visit } from "yaml";
import { description } from "./descriptions.ts";
import { hostile } from "./injection.ts";

const marks = ["\t", "\n", "\r", ":", "- ", "{", "]", '"', "'", "&a ", "*a", "<<: *a", "#", "\u0000", "\u2028", "\ufeff", "!!x ", "? ", "| ", "%", "---\n", "...\n", "é", "😀", "`", "@"];

/** What becomes of a text: bytes are put in, taken out, turned over, cut off or repeated. */
const edit = fc.oneof(
  fc.constantFrom(...marks).map((mark) => (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), Buffer.from(mark), bytes.subarray(at)])),
  fc.integer({ min: 0, max: 255 }).map((byte) => (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at + 1)])),
  fc.integer({ min: 1, max: 20 }).map((length) => (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])),
  fc.integer({ min: 1, max: 60 }).map((length) => (bytes: Buffer, at: number) => Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])),
  fc.constant((bytes: Buffer, at: number) => bytes.subarray(0, at)),
);

export const byteByByte = fc
  .tuple(description, fc.array(fc.tuple(fc.nat(), edit), { minLength: 1, maxLength: 3 }))
  .map(([data, edits]) => edits.reduce<Buffer>((bytes, [at, apply]) => apply(bytes, at % (bytes.length + 1)), Buffer.from(stringify(data))));

/** Values of all kinds, some of them a description's own in the wrong place. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostile),
  fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 0.5, 65_535, 65_536, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY, "", "~", "null", "yes", "0x50", "0o17", "1e3", "2026-01-01", "12:30", [], {}, [[]], [null], { "": null }),
  fc.constantFrom<unknown>("mail.example.org", "127.0.0.1:80", "[::1]", "off", "debian-12", ["nginx"], { port: 80 }, { bind: "127.0.0.1" }, { path: "/", allow: [] }, 443, 65_510),
  fc.constantFrom(31, 40).map((depth) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1)),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What becomes an alias in the text: the library writes none that stands for nothing. */
const aliased = "an-alias";

/** The document, a node of it and what holds that: a mapping's pair or a list's item. */
type Mutation = (document: Document, holder: YAMLMap | YAMLSeq, index: number) => void;

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  strange.map((value): Mutation => (document, holder, index) => put(holder, index, document.createNode(value))),
  fc.constant<Mutation>((_document, holder, index) => void holder.items.splice(index, 1)),
  fc.constant<Mutation>((_document, holder, index) => void holder.items.splice(index, 0, ...holder.items.slice(index, index + 1))),
  fc.constantFrom("proxy", "tls", "hostname", "x", "<<", "__proto__", "constructor", "0", "", ...hostile.slice(0, 30)).map((name): Mutation => rename(() => name)),
  fc.constantFrom((key: string) => `${key}s`, (key: string) => key.slice(1), (key: string) => key.toUpperCase(), (key: string) => key.replace("_", "-"), (key: string) => ` ${key}`).map((change): Mutation => rename(change)),
  fc.constantFrom(retyped, asList, asMapping).map((change): Mutation => (document, holder, index) => put(holder, index, document.createNode(change(at(holder, index))))),
  fc.constantFrom("!!str", "!!int", "!!map", "!x", "!!binary", "tag:example.org,2026:x").map((tag): Mutation => (_document, holder, index) => {
    const node = at(holder, index);
    if (isScalar(node) || isCollection(node)) node.tag = tag;
  }),
  fc.constant<Mutation>((_document, holder, index) => {
    const node = at(holder, index);
    if (isScalar(node) || isCollection(node)) node.anchor = "a";
  }),
  fc.constant<Mutation>((document, holder, index) => put(holder, index, document.createNode(aliased))),
  fc.constantFrom(Scalar.BLOCK_FOLDED, Scalar.BLOCK_LITERAL, Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE, Scalar.PLAIN).map((type): Mutation => (_document, holder, index) => {
    const node = at(holder, index);
    if (isScalar(node)) node.type = type;
  }),
);

export const nodeByNode = fc.tuple(description, fc.array(fc.tuple(fc.nat(), mutation), { minLength: 1, maxLength: 3 })).map(([data, mutations]) => {
  const document = new Document(data);
  for (const [pick, apply] of mutations) {
    const places = placesIn(document);
    const place = places[pick % places.length];
    if (place !== undefined) apply(document, place.holder, place.index);
  }
  return document.toString().replaceAll(aliased, "*a");
});

function placesIn(document: Document): { holder: YAMLMap | YAMLSeq; index: number }[] {
  const places: { holder: YAMLMap | YAMLSeq; index: number }[] = [];
  visit(document, {
    Collection(_key, holder) {
      for (const index of holder.items.keys()) places.push({ holder, index });
    },
  });
  return places;
}

function at({ items }: YAMLMap | YAMLSeq, index: number): unknown {
  const item: unknown = items[index];
  return isPair(item) ? item.value : item;
}

function put(holder: YAMLMap | YAMLSeq, index: number, value: unknown): void {
  holder.items[index] = isMap(holder) ? new Pair(holder.items[index]?.key, value) : value;
}

function rename(change: (key: string) => string): Mutation {
  return (document, holder, index) => {
    const pair: unknown = holder.items[index];
    if (isPair(pair)) pair.key = document.createNode(change(String(pair.key)));
  };
}

/** Text for a number, a number for text, one value for a list. */
function retyped(node: unknown): unknown {
  if (isScalar(node)) return typeof node.value === "string" ? Number.parseInt(node.value, 36) : String(node.value);
  return isSeq(node) || isMap(node) ? at(node, 0) : node;
}

function asList(node: unknown): unknown {
  return isMap(node) ? node.items.map(({ value }) => value) : [node];
}

function asMapping(node: unknown): unknown {
  return isSeq(node) ? Object.fromEntries(node.items.entries()) : { value: node };
}
