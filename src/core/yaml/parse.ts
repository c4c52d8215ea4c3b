/** Parses text into a YAML document with positions, and into plain data. */
import { Composer, type Document, type LineCounter, isMap } from "yaml";
import { aliasProblems } from "./aliases.ts";
import { limits } from "../limits.ts";
import { linesOf } from "./lines.ts";
import { missingSpace } from "./missing-space.ts";
import type { Problem } from "../problems/problem.ts";
import { syntaxProblems } from "./syntax-problem.ts";
import { readTokens } from "./tokens.ts";

export interface Parsed {
  /** Undefined when the text could not be parsed at all. */
  readonly document: Document | undefined;
  readonly lines: LineCounter;
  /** Plain data; undefined when there are problems. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
}

/** The plain data of a document whose aliases have been checked. */
export function dataOf(document: Document): unknown {
  return document.toJS({ maxAliasCount: -1 });
}

/** Never throws, whatever the text is. */
export function parse(text: string): Parsed {
  const lines = linesOf(text);
  const stop = (document: Document | undefined, ...problems: Problem[]): Parsed => ({ document, lines, data: undefined, problems });
  if (text.length > limits.size) return stop(undefined, { code: "too-large", arguments: { limit: limits.size }, place: { offset: 0 } });
  const read = readTokens(text);
  if ("beyond" in read) return stop(undefined, read.beyond);
  const options = { stringKeys: true, resolveKnownTags: false, uniqueKeys: false, logLevel: "error" } as const;
  const [document, second] = new Composer(options).compose(read.tokens);
  if (document === undefined) return stop(undefined, { code: "empty", arguments: {}, place: { offset: 0 } });

  if (document.directives?.yaml.version !== "1.2") {
    // Older YAML versions read some words as booleans and merge mappings.
    return stop(document, { code: "yaml-version", arguments: {}, place: { offset: Math.max(0, text.indexOf("%YAML")) } });
  }
  const problems = [...syntaxProblems(document, text, lines), ...aliasProblems(document)];
  if (second !== undefined) {
    problems.push({ code: "yaml-several-documents", arguments: {}, place: { offset: second.range[0] } });
  }
  if (problems.length > 0) return stop(document, ...problems);

  // Aliases were already checked above.
  const data = dataOf(document);
  if (data === null) return stop(document, { code: "empty", arguments: {}, place: { offset: 0 } });
  if (!isMap(document.contents)) {
    const found = Array.isArray(data) ? "a list" : "a single value";
    const spaceless = typeof data === "string" ? missingSpace(text, document.contents?.range?.[0] ?? 0) : undefined;
    if (spaceless !== undefined) return stop(document, spaceless);
    return stop(document, { code: "not-a-mapping", arguments: { found }, place: { pointer: "", on: "value" } });
  }
  return { document, lines, data, problems: [] };
}
