/** What a command tells the parser of the command line: its options and arguments. */
import type { Argv, Options, PositionalOptions } from "yargs";
import type { Choose, Command } from "./io.ts";

/** Collects it in place of yargs. */
export class Grammar {
  readonly options: Record<string, Options> = {};
  readonly positionals: Record<string, PositionalOptions> = {};
  readonly checks: ((values: object) => unknown)[] = [];
  handle: (values: object) => void = () => {};

  command(_word: string, _about: string, build: (command: Grammar) => unknown, handle: (values: object) => void): this {
    build(this);
    this.handle = handle;
    return this;
  }

  option(name: string, options: Options): this {
    this.options[name] = options;
    return this;
  }

  positional(name: string, options: PositionalOptions): this {
    this.positionals[name] = options;
    return this;
  }

  check(check: (values: object) => unknown): this {
    this.checks.push(check);
    return this;
  }

  example(): this {
    return this;
  }
}

/** No command uses more of yargs than this. */
function isParser(grammar: Grammar): grammar is Grammar & Argv {
  return grammar instanceof Grammar;
}

/** @param choose receives the command's action when `handle` is called */
export function grammarOf(command: Command, choose: Choose = () => {}): Grammar {
  const grammar = new Grammar();
  if (isParser(grammar)) command(grammar, "$0", choose);
  return grammar;
}
