/** Turns the YAML library's errors into our problems. */
import { type Document, type LineCounter, type Node, type YAMLError, isScalar, visit } from "yaml";
import { textOf } from "../description/explain.ts";
import { limits } from "../limits.ts";
import { type Range, rangeOf } from "./locate.ts";
import { missingSpace } from "./missing-space.ts";
import type { Problem } from "../problems/problem.ts";

/** The library's errors, and keys that are given twice. */
export function syntaxProblems(document: Document, text: string, lines: LineCounter): Problem[] {
  // One more than the limit, so that the report can say that there are more.
  const errors = [...document.errors, ...document.warnings].slice(0, limits.problems + 1);
  const continued = errors.find(({ code }) => code === "MULTILINE_IMPLICIT_KEY");
  if (continued !== undefined) return [spaceAbove(continued, text) ?? overIndented(continued, text)];
  const unclosed = errors.length === 0 ? [] : unclosedIn(text, document);
  return [...unique(errors.map((error) => syntaxProblem(error, text, unclosed))), ...duplicateKeys(document, lines)];
}

/** The library may report a missing bracket or quote several times. */
function unique(problems: readonly Problem[]): Problem[] {
  const keys = problems.map(({ code, place }) => JSON.stringify([code, place]));
  return problems.filter((_problem, index) => keys.indexOf(keys[index] ?? "") === index);
}

/** A key without a space after its colon is text, which goes on in the next line. */
function spaceAbove(error: YAMLError, text: string): Problem | undefined {
  return missingSpace(text, error.pos[0]);
}

/** For a line that is indented too far, the library reports two errors, neither of them at that line. */
function overIndented(error: YAMLError, text: string): Problem {
  const lineStart = text.lastIndexOf("\n", error.pos[1] - 1) + 1;
  const indentation = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  return { code: "yaml-indentation", arguments: {}, place: { offset: lineStart + indentation, end: error.pos[1] } };
}

function syntaxProblem(error: YAMLError, text: string, unclosed: readonly Range[]): Problem {
  const [offset, end] = error.pos;
  const place = { offset, end };
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { code: "yaml-tab", arguments: {}, place };
    case "MULTIPLE_DOCS":
      return { code: "yaml-several-documents", arguments: {}, place };
    case "NON_STRING_KEY":
      return { code: "yaml-key", arguments: {}, place };
    case "TAG_RESOLVE_FAILED":
      return { code: "yaml-tag", arguments: { tag: textOf(text.slice(offset, end)) }, place };
    case "BAD_INDENT":
    case "MISSING_CHAR": {
      const spaceless = missingSpace(text, offset);
      if (spaceless !== undefined) return spaceless;
      const opening = unclosed.findLast((open) => open.offset < offset && open.end >= offset - 1);
      if (opening === undefined) return { code: "yaml-syntax", arguments: { detail: error.message }, place };
      return { code: "yaml-unclosed", arguments: { opening: text.charAt(opening.offset) }, place: { offset: opening.offset } };
    }
    case "BLOCK_AS_IMPLICIT_KEY":
      return { code: "yaml-syntax", arguments: { detail: "a value that contains a colon followed by a space must be in quotes" }, place };
    default:
      return { code: "yaml-syntax", arguments: { detail: error.message }, place };
  }
}

/** Lists and mappings whose closing bracket is missing, and text whose closing quote is missing, outer ones first. */
function unclosedIn(text: string, document: Document): Range[] {
  const unclosed: Range[] = [];
  visit(document, {
    Scalar(_key, scalar) {
      const { offset } = rangeOf(scalar);
      const end = scalar.range?.[1] ?? offset;
      const opening = text.charAt(offset);
      if ((scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") && (end - offset < 2 || text.charAt(end - 1) !== opening)) unclosed.push({ offset, end });
    },
    Collection(_key, collection) {
      const range = rangeOf(collection);
      const closing = text.charAt(range.offset) === "[" ? "]" : "}";
      if (collection.flow === true && text.charAt(range.end - 1) !== closing) unclosed.push(range);
    },
  });
  return unclosed;
}

/** Keys that a mapping has twice. The library's own check is slow: it compares each key with all before it. */
function duplicateKeys(document: Document, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Map<unknown, Node>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const first = seen.get(key.value);
        if (first === undefined) seen.set(key.value, key);
        else problems.push({ code: "yaml-duplicate-key", arguments: { key: textOf(key.value), firstLine: lines.linePos(rangeOf(first).offset).line }, place: rangeOf(key) });
      }
    },
  });
  return problems;
}
