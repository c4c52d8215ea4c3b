/** The YAML library's errors as problems of ours. */
import { type Document, type LineCounter, type YAMLError, isScalar, visit } from "yaml";
import type { Problem } from "./problem.ts";

/** A line that is indented too far is two errors to the library, and neither is at that line. */
export function syntaxProblems(errors: readonly YAMLError[], text: string, document: Document, lines: LineCounter): Problem[] {
  const continued = errors.find(({ code }) => code === "MULTILINE_IMPLICIT_KEY");
  if (continued === undefined) return errors.map((error) => syntaxProblem(error, text, document, lines));
  const lineStart = text.lastIndexOf("\n", continued.pos[1] - 1) + 1;
  const indentation = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  return [{ code: "yaml-indentation", arguments: {}, place: { offset: lineStart + indentation, end: continued.pos[1] } }];
}

function syntaxProblem(error: YAMLError, text: string, document: Document, lines: LineCounter): Problem {
  const [offset, end] = error.pos;
  const place = { offset, end };
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { code: "yaml-tab", arguments: {}, place };
    case "DUPLICATE_KEY":
      return duplicateKey(offset, document, lines);
    case "MULTIPLE_DOCS":
      return { code: "yaml-several-documents", arguments: {}, place };
    case "NON_STRING_KEY":
      return { code: "yaml-key", arguments: {}, place };
    case "TAG_RESOLVE_FAILED":
      return { code: "yaml-tag", arguments: { tag: text.slice(offset, end) }, place };
    case "BAD_INDENT":
    case "MISSING_CHAR": {
      const opening = unclosed(offset, text, document);
      if (opening === undefined) return { code: "yaml-syntax", arguments: { detail: error.message }, place };
      return { code: "yaml-unclosed", arguments: { opening: text.charAt(opening) }, place: { offset: opening } };
    }
    case "BLOCK_AS_IMPLICIT_KEY":
      return { code: "yaml-syntax", arguments: { detail: "a value with a colon and a space in it stands in quotes" }, place };
    default:
      return { code: "yaml-syntax", arguments: { detail: error.message }, place };
  }
}

/** Where the innermost list or mapping in brackets begins that runs up to here without its end. */
function unclosed(offset: number, text: string, document: Document): number | undefined {
  let opening: number | undefined;
  visit(document, {
    Collection(_key, collection) {
      const [start, end] = collection.range ?? [0, 0];
      const closing = text.charAt(start) === "[" ? "]" : "}";
      if (collection.flow === true && start < offset && end >= offset - 1 && text.charAt(end - 1) !== closing) opening = start;
    },
  });
  return opening;
}

/** The library says where the second key is, the administrator also wants to see the first. */
function duplicateKey(offset: number, document: Document, lines: LineCounter): Problem {
  let key = "";
  let firstLine = 1;
  visit(document, {
    Map(_key, map) {
      const keys = map.items.map((pair) => pair.key).filter(isScalar);
      const second = keys.find((scalar) => scalar.range?.[0] === offset);
      if (second === undefined) return undefined;
      key = String(second.value);
      const first = keys.find((scalar) => scalar.value === second.value);
      firstLine = lines.linePos(first?.range?.[0] ?? 0).line;
      return visit.BREAK;
    },
  });
  return { code: "yaml-duplicate-key", arguments: { key, firstLine }, place: { offset, end: offset + key.length } };
}
