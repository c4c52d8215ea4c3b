/** What the shell completes as the value of an option or of an argument. */
import type { Options, PositionalOptions } from "yargs";

/** Paths, or words. Words that take long to load are fetched on demand. */
export type Completes = "files" | "folders" | readonly string[] | (() => Promise<readonly string[]>);

/** Beside yargs' own description of the option, which has no place for it. */
const known = new WeakMap<Options | PositionalOptions, Completes>();

/** The option unchanged, after remembering what its value is. */
export function takes<const Option extends Options | PositionalOptions>(completes: Completes, option: Option): Option {
  known.set(option, completes);
  return option;
}

export function completesOf(option: Options | PositionalOptions): Completes | undefined {
  return known.get(option);
}
