/** Splits text into YAML tokens up to the limits. Beyond them, the parser would take too long or exhaust its stack. */
import { type CST, Lexer, Parser } from "yaml";
import { limits } from "../limits.ts";
import type { Problem } from "../problems/problem.ts";

/** The lexer puts this mark before a plain or block scalar. */
const scalarMark = "\u001f";

export function readTokens(text: string): { readonly tokens: readonly CST.Token[] } | { readonly beyond: Problem } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  let aliases = 0;
  let before = "";
  for (const lexeme of new Lexer().lex(text)) {
    const place = { offset: parser.offset, end: parser.offset + lexeme.length };
    const isScalar = before === scalarMark;
    count += isScalar ? 1 : weight(lexeme);
    if (count > limits.tokens) return { beyond: { code: "too-many-tokens", arguments: { limit: limits.tokens }, place } };
    if (!isScalar && lexeme.startsWith("*")) aliases++;
    if (aliases > limits.aliases) return { beyond: { code: "yaml-alias-limit", arguments: {}, place } };
    for (const token of parser.next(lexeme)) tokens.push(token);
    // Stop before the depth that exhausts the stack of the parser or the composer.
    if (depth(parser) > limits.depth) return { beyond: { code: "yaml-depth", arguments: { limit: limits.depth }, place } };
    before = lexeme;
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

/** The cost of a token: none for white space and the lexer's marks, more for backslashes in quotes, since each may become an error. */
function weight(lexeme: string): number {
  const first = lexeme.charAt(0);
  if (first === '"') return lexeme.split("\\").length;
  return first <= " " ? 0 : 1;
}

/** The number of collections around the current token. */
function depth({ stack }: Parser): number {
  return stack.length <= limits.depth ? 0 : stack.filter((token) => "items" in token).length;
}
