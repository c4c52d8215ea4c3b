/** Renders views as text. Templates do not escape anything, because the schema decides what a value may contain. */
import Handlebars, { type Template } from "handlebars/runtime.js";
import { type Sha256, stamp } from "./digest.ts";
import type { OutputFile } from "./output-file.ts";
import type { SecretSource } from "../site/site.ts";
import type { Sites, Target, TargetFile, TemplateSpecification } from "./target.ts";
import { writeYaml } from "./yaml-writer.ts";

/** The user's own templates, which replace built-in ones, by target, then by file name. */
type TemplateOverrides = Readonly<Record<string, Readonly<Record<string, Template>>>>;

export interface RenderOptions {
  readonly sha256: Sha256;
  readonly overrides?: TemplateOverrides | undefined;
  /** Returns the secret at a place. With it, only files with secrets are rendered; without it, only the others. */
  readonly secrets?: ((source: SecretSource) => string) | undefined;
}

/** The files of a target with secrets, or those without. */
export function filesOf(target: Target, sites: Sites, { secrets }: Pick<RenderOptions, "secrets">): TargetFile[] {
  return target.files(sites).filter(({ secret }) => (secret === undefined) === (secrets === undefined));
}

/** A target's files for the sites. */
export function render(target: Target, sites: Sites, { sha256, overrides = {}, secrets }: RenderOptions): OutputFile[] {
  const files = filesOf(target, sites, { secrets });
  if (files.length === 0) return [];
  const templateOf = (id: string, name: string, specification: TemplateSpecification) => overrides[id]?.[name] ?? compiled(specification);
  const own = Object.entries(target.templates).map(([name, specification]) => ({ name, template: templateOf(target.id, name, specification) }));
  const fragments = Object.entries(target.fragments ?? {}).map(([name, { target: id, template, specification }]) => [name, templateOf(id, template, specification)] as const);
  // The name of a partial is its file name up to the first dot.
  const partials = Object.fromEntries([...own.map(({ name, template }) => [name.split(".", 1).join(""), template] as const), ...fragments]);
  const view = target.view(sites);
  return files.map(({ template: wanted, document, name, comment, keepsFirstLine, secret, ...file }) => {
    const main = own.find((candidate) => candidate.name === wanted);
    if (main === undefined) throw new Error(`${target.id} has no template ${wanted}`);
    const isSecret = secret !== undefined && secrets !== undefined;
    const written = main.template(isSecret ? { ...view, secret: secrets(secret) } : view, { partials });
    const text = document === undefined ? written : `${written}\n${writeYaml(document())}`;
    return { target: target.id, path: pathOf(target, { name }), ...file, isSecret, content: comment === undefined ? text : stamp(text, sites.length, sha256, keepsFirstLine) };
  });
}

/** A file's path in the output. */
export function pathOf({ id }: Pick<Target, "id">, { name }: { readonly name: string }): string {
  return `${id}/${name}`;
}

const compiledTemplates = new WeakMap<TemplateSpecification, Template>();

function compiled(specification: TemplateSpecification): Template {
  const known = compiledTemplates.get(specification);
  if (known !== undefined) return known;
  const template = Handlebars.template(specification);
  compiledTemplates.set(specification, template);
  return template;
}
