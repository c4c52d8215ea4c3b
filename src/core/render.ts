/** Views to text. Templates escape nothing: the schema decides what a value may contain. */
import Handlebars, { type Template } from "handlebars/runtime.js";
import type { Target, TemplateSpecification } from "./target.ts";
import type { Site } from "./site.ts";

/** The templates of a target with a user's own in place of some of them. */
export type TemplateOverrides = Readonly<Record<string, Readonly<Record<string, TemplateSpecification>>>>;

/** The text of a target's file for a site. */
export function render(target: Target, site: Site, overrides: TemplateOverrides = {}): string {
  const templates = { ...target.templates, ...overrides[target.id] };
  const [main, ...partials] = Object.entries(templates).map(([name, specification]) => ({ name, template: compile(specification) }));
  if (main === undefined) throw new Error(`${target.id} has no template`);
  return main.template(target.view(site), {
    partials: Object.fromEntries(partials.map(({ name, template }) => [name.replace(/\..*$/, ""), template])),
  });
}

const compiled = new WeakMap<TemplateSpecification, Template>();

function compile(specification: TemplateSpecification): Template {
  const known = compiled.get(specification);
  if (known !== undefined) return known;
  const template: Template = Handlebars.template(specification);
  compiled.set(specification, template);
  return template;
}
