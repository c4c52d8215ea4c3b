/** A user's own templates. */
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
 * @throws SurroundingsError when one cannot be read or is none of the target's
 */
export async function readTemplates(cwd: string, folder: string): Promise<Record<string, Record<string, Template>>> {
  const { Handlebars } = await import("./compiler.ts");
  const found: Record<string, Record<string, Template>> = {};
  for (const entry of await list(cwd, folder)) {
    const id = targetIds.find((candidate) => candidate === entry);
    if (id === undefined) throw new SurroundingsError(`${join(folder, entry)} is no target; the targets are ${targetIds.join(", ")}`);
    const names = Object.keys(targets[id].templates);
    const compiled: Record<string, Template> = {};
    for (const name of await list(cwd, join(folder, entry))) {
      const path = join(folder, entry, name);
      if (!names.includes(name)) throw new SurroundingsError(`${path} is no template of ${id}; they are ${names.join(", ")}`);
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

/** Handlebars parses at the first use; what it then finds is the user's to mend. */
function guarded(path: string, template: Template): Template {
  return (view, options) => {
    try {
      return template(view, options);
    } catch (error) {
      throw new SurroundingsError(`${path}: ${discreetly(withoutExcerpt(error instanceof Error ? error.message : String(error)))}`, { cause: error });
    }
  };
}

/** The parser's message without its two lines of the template: it may be another file. */
function withoutExcerpt(message: string): string {
  return message.replace(/^(Parse error on line \d+:)\n.*\n-*\^\n/, "$1 ");
}
