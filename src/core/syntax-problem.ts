/** The YAML library's errors as problems of ours. */
import { type Document, type LineCounter, type YAMLError, isScalar, visit } from "yaml";
import type { Problem } from "./problem.ts";

export function syntaxProblem(error: YAMLError, text: string, document: Document, lines: LineCounter): Problem {
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
    case "BLOCK_AS_IMPLICIT_KEY":
      return { code: "yaml-syntax", arguments: { detail: "a value with a colon and a space in it stands in quotes" }, place };
    default:
      return { code: "yaml-syntax", arguments: { detail: error.message }, place };
  }
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
