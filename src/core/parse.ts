/** Text to a YAML document that knows its positions, and the plain data in it. */
import { type Alias, type CST, Composer, type Document, Lexer, LineCounter, Parser, isMap, visit } from "yaml";
import { limits } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { syntaxProblems } from "./syntax-problem.ts";

export interface Parsed {
  /** Undefined when the text could not be composed at all. */
  readonly document: Document | undefined;
  readonly lines: LineCounter;
  /** Plain data; undefined when there are problems. */
  readonly data: unknown;
  readonly problems: readonly Problem[];
}

/** Never throws on any text. */
export function parse(text: string): Parsed {
  const lines = new LineCounter();
  const stop = (document: Document | undefined, ...problems: Problem[]): Parsed => ({ document, lines, data: undefined, problems });
  if (text.length > limits.size) {
    lines.addNewLine(0);
    return stop(undefined, { code: "too-large", arguments: { size: text.length, limit: limits.size }, place: { offset: 0 } });
  }
  const tooNested = offsetBeyondBrackets(text, limits.depth);
  if (tooNested !== undefined) {
    lines.addNewLine(0);
    for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
    return stop(undefined, { code: "yaml-depth", arguments: { limit: limits.depth }, place: { offset: tooNested } });
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = offsetBeyondDepth(tokens, limits.depth);
  if (tooDeep !== undefined) {
    return stop(undefined, { code: "yaml-depth", arguments: { limit: limits.depth }, place: { offset: tooDeep } });
  }
  const [document, second] = new Composer({ stringKeys: true, resolveKnownTags: false, logLevel: "error" }).compose(tokens);
  if (document === undefined) return stop(undefined, { code: "empty", arguments: {}, place: { offset: 0 } });

  if (document.directives?.yaml.version !== "1.2") {
    // Older versions read words as booleans and merge mappings.
    return stop(document, { code: "yaml-version", arguments: {}, place: { offset: Math.max(0, text.indexOf("%YAML")) } });
  }
  const aliases = aliasesOf(document);
  if (aliases.length > limits.aliases) {
    return stop(document, { code: "yaml-alias-limit", arguments: {}, place: rangeOf(aliases[limits.aliases]) });
  }
  const found = [...document.errors, ...document.warnings].slice(0, limits.problems);
  const problems = syntaxProblems(found, text, document, lines).concat(aliasProblems(document));
  if (second !== undefined) {
    problems.push({ code: "yaml-several-documents", arguments: {}, place: { offset: second.range[0] } });
  }
  if (problems.length > 0) return stop(document, ...problems);

  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: limits.aliasedValues });
  } catch (error) {
    // With every alias resolved, toJS has one reason left to throw this: they stand for too many nodes.
    if (!(error instanceof ReferenceError)) throw error;
    return stop(document, { code: "yaml-alias-limit", arguments: {}, place: rangeOf(aliases[0]) });
  }
  if (data === null) return stop(document, { code: "empty", arguments: {}, place: { offset: 0 } });
  if (!isMap(document.contents)) {
    const found = Array.isArray(data) ? "a list" : "a single value";
    return stop(document, { code: "not-a-mapping", arguments: { found }, place: { pointer: "", on: "value" } });
  }
  return { document, lines, data, problems: [] };
}

/** The parser takes its time over brackets in brackets, so the lexer counts them first. */
function offsetBeyondBrackets(text: string, limit: number): number | undefined {
  let offset = 0;
  let depth = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === "[" || lexeme === "{") depth++;
    else if (lexeme === "]" || lexeme === "}") depth--;
    if (depth > limit) return offset;
    // The lexer puts marks of its own between the pieces of the text.
    if (!/^[\u0002\u0018\u001f]$/.test(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** The composer recurses, so depth is judged on the tokens, and without recursion. */
function offsetBeyondDepth(tokens: readonly CST.Token[], limit: number): number | undefined {
  const pending: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { token, depth } = entry;
    if (depth > limit) return token.offset;
    if ("value" in token && token.type === "document") {
      if (token.value !== undefined) pending.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const { key, value } of token.items) {
        if (key !== undefined && key !== null) pending.push({ token: key, depth: depth + 1 });
        if (value !== undefined) pending.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** Aliases that stand for nothing, or for what they are in. */
function aliasProblems(document: Document): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_key, alias, path) {
      const node = alias.resolve(document);
      if (node !== undefined && !path.includes(node)) return;
      const [offset, end] = alias.range ?? [0, 0];
      const place = { offset, end };
      // `*.example.org` without quotes is an alias to YAML.
      if (alias.source.startsWith(".")) problems.push({ code: "yaml-wildcard", arguments: { name: alias.source }, place });
      else problems.push({ code: "yaml-alias", arguments: { name: alias.source, circular: node !== undefined }, place });
    },
  });
  return problems;
}

function aliasesOf(document: Document): Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias(_key, alias) {
      aliases.push(alias);
    },
  });
  return aliases;
}

function rangeOf(alias: Alias | undefined): { offset: number; end: number } {
  const [offset, end] = alias?.range ?? [0, 0];
  return { offset, end };
}
