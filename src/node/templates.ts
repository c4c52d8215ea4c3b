/** Reads the user's own templates. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Template } from "handlebars/runtime.js";
import { SurroundingsError } from "../cli/io.ts";
import { targetIds, targets } from "../targets/index.ts";
import { failure } from "./failure.ts";
import { readBytes } from "./files.ts";
import { syntaxMistake, templateMistake } from "./template-error.ts";

/**
 * The templates in `<folder>/<target>/<file>.hbs`, compiled.
 *
 * @throws SurroundingsError when a template cannot be read or the target has none of this name
 */
export async function readTemplates(cwd: string, folder: string): Promise<Record<string, Record<string, Template>>> {
  const { Handlebars } = await import("./compiler.ts");
  const found: Record<string, Record<string, Template>> = {};
  for (const entry of await list(cwd, folder)) {
    const id = targetIds.find((candidate) => candidate === entry);
    if (id === undefined) throw new SurroundingsError(`${join(folder, entry)} is not a target; use one of: ${targetIds.join(", ")}`);
    const names = Object.keys(targets[id].templates);
    const compiled: Record<string, Template> = {};
    for (const name of await list(cwd, join(folder, entry))) {
      const path = join(folder, entry, name);
      if (!names.includes(name)) throw new SurroundingsError(`${path} is not a template of ${id}; use one of: ${names.join(", ")}`);
      const source = Buffer.from(readBytes(cwd, path)).toString("utf8");
      const tree = parsed(path, () => Handlebars.parse(source));
      compiled[name] = guarded(path, tree, Handlebars.compile(tree, { noEscape: true, strict: true }));
    }
    found[id] = compiled;
  }
  return found;
}

async function list(cwd: string, folder: string): Promise<string[]> {
  try {
    return (await readdir(resolve(cwd, folder))).toSorted();
  } catch (error) {
    throw failure("read", folder, error);
  }
}

function parsed<Tree>(path: string, parse: () => Tree): Tree {
  try {
    return parse();
  } catch (error) {
    throw new SurroundingsError(syntaxMistake(path, error), { cause: error });
  }
}

/** Adds the template and its line to the errors that it has when it is filled in. */
function guarded(path: string, tree: object, template: Template): Template {
  return (view, options) => {
    try {
      return template(view, options);
    } catch (error) {
      // It comes from a template that this one inserts.
      if (error instanceof SurroundingsError) throw error;
      const message = templateMistake(path, error, tree, { view, partials: Object.keys(options?.partials ?? {}) });
      throw new SurroundingsError(message, { cause: error, help: "To see what a template can use, run: mailcow-proxy templates TARGET --values DESCRIPTION" });
    }
  };
}
