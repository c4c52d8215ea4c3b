/**
 * Reads plain command lines with Node's own parser. To load yargs and parse `generate -t TARGET mail.yaml` with it would
 * take a third of a run. yargs reads all other lines: help, mistakes, `--`, values that begin with a hyphen, and other ways
 * to write an option. Both must read a plain line alike.
 */
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Argv, Options, PositionalOptions } from "yargs";
import type { Action, Command } from "./io.ts";

/** Collects what a command tells the parser of the command line. */
class Grammar {
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

/**
 * @param args the arguments behind the command's word
 * @returns undefined when the line is not plain, or wrong
 */
export function plainLine(command: Command, args: readonly string[]): Action | undefined {
  // Parsers differ on `-tNAME` and `-t=NAME`.
  if (args.some((argument) => argument === "" || argument === "--" || /^-[^-]./.test(argument))) return undefined;
  const grammar = new Grammar();
  let action: Action | undefined;
  if (!isParser(grammar)) return undefined;
  command(grammar, "$0", (chosen) => {
    action = chosen;
  });
  try {
    const values = valuesOf(grammar, args);
    if (values !== undefined && grammar.checks.every((check) => check(values) === true)) grammar.handle(values);
  } catch {
    // yargs reports the mistake.
    return undefined;
  }
  return action;
}

function valuesOf({ options, positionals }: Grammar, args: readonly string[]): object | undefined {
  const parsed = parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(Object.entries(options).map(([name, option]) => [name, parsedAs(option)])) });
  const values: Record<string, unknown> = {};
  for (const [name, { array, default: byDefault, coerce, demandOption }] of Object.entries(options)) {
    const given = [parsed.values[name] ?? []].flat();
    if (given.some((value) => typeof value === "string" && /^(?:-|$)/.test(value))) return undefined;
    if ((given.length > 1 && array !== true) || (given.length === 0 && demandOption !== undefined)) return undefined;
    const value: unknown = given.length === 0 ? byDefault : array === true ? given : given[0];
    values[name] = value === undefined || coerce === undefined ? value : coerce(value);
    values[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())] = values[name];
  }
  const [[name, { array = false }] = ["", {}]] = Object.entries(positionals);
  if (parsed.positionals.length > (array ? Infinity : name === "" ? 0 : 1)) return undefined;
  if (parsed.positionals.length > 0) values[name] = array ? parsed.positionals : parsed.positionals[0];
  return values;
}

/** With `multiple`, an option that is given twice is noticed. */
function parsedAs({ type, alias }: Options): NonNullable<ParseArgsConfig["options"]>[string] {
  return { type: type === "boolean" ? "boolean" : "string", multiple: true, ...(typeof alias === "string" ? { short: alias } : {}) };
}
