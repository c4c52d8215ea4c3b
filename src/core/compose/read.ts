/** Reads a compose file with the positions of its nodes. */
import { Composer, type Document, isMap } from "yaml";
import { limits } from "../limits.ts";
import type { Problem } from "../problems/problem.ts";
import { linesOf } from "../yaml/lines.ts";
import { aliasProblems } from "../yaml/aliases.ts";
import type { Parsed } from "../yaml/parse.ts";
import { syntaxProblems } from "../yaml/syntax-problem.ts";
import { readTokens } from "../yaml/tokens.ts";

/** Like a description, but it may be empty, and may have compose's own tags such as `!reset`. Never throws. */
export function readCompose(text: string): Parsed {
  const lines = linesOf(text);
  const stop = (document: Document | undefined, ...problems: Problem[]): Parsed => ({ document, lines, data: undefined, problems });
  if (text.length > limits.size) return stop(undefined, { code: "too-large", arguments: { limit: limits.size }, place: { offset: 0 } });
  const read = readTokens(text);
  if ("beyond" in read) return stop(undefined, read.beyond);
  const [document, second] = new Composer({ stringKeys: true, resolveKnownTags: false, uniqueKeys: false, logLevel: "error", merge: true }).compose(read.tokens);
  if (document === undefined) return { document, lines, data: null, problems: [] };
  const problems = [...syntaxProblems(document, text, lines).filter(({ code }) => code !== "yaml-tag"), ...aliasProblems(document)];
  if (second !== undefined) problems.push({ code: "yaml-several-documents", arguments: {}, place: { offset: second.range[0] } });
  if (problems.length > 0) return stop(document, ...problems);
  const data: unknown = document.toJS({ maxAliasCount: -1 });
  if (data === null || isMap(document.contents)) return { document, lines, data, problems: [] };
  return stop(document, { code: "not-a-compose-file", arguments: { found: Array.isArray(data) ? "a list" : "a single value" }, place: { offset: 0 } });
}
