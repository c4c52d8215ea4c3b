/** Words for the mistakes in a user's template, with its line. */
import { nearest } from "../core/nearest.ts";
import { discreetly } from "../core/secrets/hide.ts";

/** What a template can use. */
export interface Usable {
  /** The values, at any depth. */
  readonly view: object;
  /** The templates that it can insert. */
  readonly partials: readonly string[];
}

/** A message that begins with `PATH:LINE: `, as far as the line is known. The tree is the parsed template. */
export function templateMistake(path: string, error: unknown, tree: object, usable: Usable): string {
  const { message, line } = partsOf(error);
  const [, value] = /^"(.*)" not defined in /s.exec(message) ?? [];
  if (value !== undefined) return at(path, line, `there is no value ${value} here${suggestion(value, namesIn(usable.view))}`);
  const [, partial] = /^The partial (.*) could not be found$/s.exec(message) ?? [];
  if (partial !== undefined) return at(path, lineOf(tree, ({ type, name }) => type === "PartialStatement" && originalOf(name) === partial), `there is no template ${partial} to insert${suggestion(partial, usable.partials) || `; use one of: ${usable.partials.join(", ")}`}`);
  const [, helper] = /^#(\w+) requires exactly one argument$/.exec(message) ?? [];
  if (helper !== undefined) return at(path, lineOf(tree, ({ path: called, params }) => originalOf(called) === helper && Array.isArray(params) && params.length !== 1), `{{#${helper}}} takes one value`);
  return at(path, line, message);
}

/** A message about a template that cannot be parsed. */
export function syntaxMistake(path: string, error: unknown): string {
  const { message, line } = partsOf(error);
  const [, number, rest = ""] = /^(?:Parse|Lexical) error on line (\d+)[:.] ?(.*)$/s.exec(message) ?? [];
  if (number === undefined) return at(path, line, message);
  // The excerpt is left out: the file may be something other than a template.
  const [, found] = /, got '(\w+)'$/.exec(rest) ?? [];
  const what = found === undefined ? "" : found === "EOF" || found === "INVALID" ? ": it ends too early, or a tag is not closed" : `: ${found} is not expected here`;
  return at(path, Number(number), `this is not a template of Handlebars${what}`);
}

function at(path: string, line: number | undefined, sentence: string): string {
  return `${path}${line === undefined ? "" : `:${line}`}: ${discreetly(sentence)}`;
}

/** The message in one line, without the place at its end. */
function partsOf(error: unknown): { readonly message: string; readonly line: number | undefined } {
  if (!(error instanceof Error)) return { message: String(error), line: undefined };
  const line = "lineNumber" in error && typeof error.lineNumber === "number" ? error.lineNumber : undefined;
  const message = error.message.split("\n").map((text) => text.trim()).join(" ");
  return { message: message.replace(/ - \d+:\d+$/, ""), line };
}

function suggestion(word: string, words: readonly string[]): string {
  const meant = nearest(word, words);
  return meant === undefined || meant === word ? "" : `; did you mean ${meant}?`;
}

function namesIn(view: unknown): string[] {
  if (typeof view !== "object" || view === null) return [];
  const own = Array.isArray(view) ? [] : Object.keys(view);
  return [...new Set([...own, ...Object.values(view).flatMap(namesIn)])];
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

/** The name that a path expression is written as. */
function originalOf(path: unknown): unknown {
  return isNode(path) ? path["original"] : undefined;
}

/** The line of the first node that is asked for, in the order of the text. */
function lineOf(tree: unknown, wanted: (node: Node) => boolean): number | undefined {
  if (!isNode(tree)) return undefined;
  if (wanted(tree)) {
    const { loc } = tree;
    const start = isNode(loc) ? loc["start"] : undefined;
    return isNode(start) && typeof start["line"] === "number" ? start["line"] : undefined;
  }
  for (const inner of Object.values(tree)) {
    const line = lineOf(inner, wanted);
    if (line !== undefined) return line;
  }
  return undefined;
}
