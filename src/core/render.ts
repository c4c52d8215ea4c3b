/** Views to text. Templates escape nothing: the schema decides what a value may contain. */
import Handlebars, { type Template } from "handlebars/runtime.js";
import type { Target, TemplateSpecification } from "./target.ts";
import type { Site } from "./site.ts";

/** A user's own templates in place of some of the built-in ones: by target, then by file name. */
export type TemplateOverrides = Readonly<Record<string, Readonly<Record<string, Template>>>>;

/** The text of a target's file for a site. */
export function render(target: Target, site: Site, overrides: TemplateOverrides = {}): string {
  const [main, ...partials] = Object.entries(target.templates).map(([name, specification]) => ({
    // A partial is called by its file name up to the first dot.
    name: name.replace(/\..*$/, ""),
    template: overrides[target.id]?.[name] ?? compiled(specification),
  }));
  if (main === undefined) throw new Error(`${target.id} has no template`);
  return main.template(target.view(site), { partials: Object.fromEntries(partials.map(({ name, template }) => [name, template])) });
}

const templates = new WeakMap<TemplateSpecification, Template>();

function compiled(specification: TemplateSpecification): Template {
  const known = templates.get(specification);
  if (known !== undefined) return known;
  const template = Handlebars.template(specification);
  templates.set(specification, template);
  return template;
}
