/** Reads the user's own templates. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Template } from "handlebars/runtime.js";
import { SurroundingsError } from "../cli/io.ts";
import { discreetly } from "../core/secrets/hide.ts";
import { targetIds, targets } from "../targets/index.ts";
import { failure } from "./failure.ts";
import { readBytes } from "./files.ts";

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
      compiled[name] = guarded(path, Handlebars.compile(source, { noEscape: true, strict: true }));
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

/** Handlebars parses a template at its first use. The errors that it finds are shown to the user. */
function guarded(path: string, template: Template): Template {
  return (view, options) => {
    try {
      return template(view, options);
    } catch (error) {
      throw new SurroundingsError(`${path}: ${discreetly(withoutExcerpt(error instanceof Error ? error.message : String(error)))}`, { cause: error });
    }
  };
}

/** The parser's message without its excerpt: the file may be something other than a template. */
function withoutExcerpt(message: string): string {
  return message.replace(/^(Parse error on line \d+:)\n.*\n-*\^\n/, "$1 ");
}
