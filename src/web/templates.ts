/**
 * Renders templates as build/web/templates.js writes them, with the results of the Handlebars runtime. The page has this in
 * place of that runtime and of the functions that Handlebars makes of templates, which are much larger.
 */

/** A value: a path such as `../name`, `@first` or the empty path for `this`; a constant; or an entry of an object. */
export type Expression = string | { readonly is: string | boolean | number } | readonly [object: Expression, key: Expression];

/** Text, a value, a block, or another template. */
export type Part =
  | string
  | readonly [kind: "", value: Expression]
  | readonly [kind: "if" | "unless" | "each" | "with", value: Expression, inside: readonly Part[], otherwise?: readonly Part[]]
  | readonly [kind: ">", name: Expression, context: Expression | 0, values: Readonly<Record<string, Expression>> | 0, indent: string];

/** The values around a place: the innermost is the first. */
interface Scope {
  readonly contexts: readonly unknown[];
  /** The place in the innermost list. */
  readonly each: Readonly<Record<string, unknown>>;
  readonly partials: Readonly<Record<string, Template>>;
}

interface Template {
  (view: object, options: { readonly partials: Readonly<Record<string, Template>> }): string;
  readonly parts: readonly Part[];
}

function template(parts: readonly Part[]): Template {
  const render = (view: object, { partials }: { readonly partials: Readonly<Record<string, Template>> }) => rendered(parts, { contexts: [view], each: {}, partials });
  return Object.assign(render, { parts });
}

function rendered(parts: readonly Part[], scope: Scope): string {
  let text = "";
  for (const part of parts) text += typeof part === "string" ? part : renderedPart(part, scope);
  return text;
}

function renderedPart(part: Exclude<Part, string>, scope: Scope): string {
  if (part[0] === "") return textOf(part[1], valueOf(part[1], scope));
  if (part[0] === ">") return renderedPartial(part, scope);
  const [kind, expression, inside, otherwise = []] = part;
  const value = valueOf(expression, scope);
  if (kind === "each") return renderedEach(entriesOf(value), inside, otherwise, scope);
  const chosen = isEmpty(value) === (kind === "unless") ? inside : otherwise;
  return rendered(chosen, kind === "with" && chosen === inside ? within(scope, value) : scope);
}

function renderedEach(entries: readonly (readonly [key: string | number, value: unknown])[], inside: readonly Part[], otherwise: readonly Part[], scope: Scope): string {
  if (entries.length === 0) return rendered(otherwise, scope);
  return entries.map(([key, value], index) => rendered(inside, { ...within(scope, value), each: { key, index, first: index === 0, last: index === entries.length - 1 } })).join("");
}

function renderedPartial([, name, context, values, indent]: Extract<Part, readonly [">", ...unknown[]]>, scope: Scope): string {
  const wanted = typeof name === "string" ? name : String(valueOf(name, scope));
  const partial = scope.partials[wanted];
  if (partial === undefined) throw new Error(`there is no template ${wanted}`);
  const own = context === 0 ? scope.contexts[0] : valueOf(context, scope);
  const given = values === 0 ? own : Object.assign({}, own, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, valueOf(value, scope)])));
  const text = rendered(partial.parts, within(scope, given));
  // Each line but an empty last one is indented as the partial is.
  return indent === "" ? text : text.replaceAll(/^(?!$(?![^]))/gm, indent);
}

/** As in Handlebars, a block with the same value is at the same depth. */
function within(scope: Scope, value: unknown): Scope {
  return value === scope.contexts[0] ? scope : { ...scope, contexts: [value, ...scope.contexts] };
}

function valueOf(expression: Expression, scope: Scope): unknown {
  if (typeof expression === "object") return "is" in expression ? expression.is : entryOf(valueOf(expression[0], scope), String(valueOf(expression[1], scope)));
  if (expression.startsWith("@")) return scope.each[expression.slice(1)];
  const steps = expression.split("/");
  const path = steps.at(-1) ?? "";
  const context = scope.contexts[steps.length - 1];
  return path === "" ? context : path.split(".").reduce(entryOf, context);
}

function entryOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function entriesOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

/** A value that a view does not have is a bug, as in the program. */
function textOf(expression: Expression, value: unknown): string {
  if (value === undefined) throw new Error(`"${JSON.stringify(expression)}" not defined`);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

// oxlint-disable-next-line import/no-default-export -- in place of a package that has one
export default { template };
