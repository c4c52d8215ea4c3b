/**
 * Reads plain command lines with Node's own parser. To load yargs and parse `generate -t TARGET mail.yaml` with it would
 * take a third of a run. yargs reads all other lines: help, mistakes, `--`, values that begin with a hyphen, and other ways
 * to write an option. Both must read a plain line alike.
 */
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Options } from "yargs";
import { type Grammar, grammarOf } from "./grammar.ts";
import type { Action, Command } from "./io.ts";

/**
 * @param args the arguments behind the command's word
 * @returns undefined when the line is not plain, or wrong
 */
export function plainLine(command: Command, args: readonly string[]): Action | undefined {
  // Parsers differ on `-tNAME` and `-t=NAME`.
  if (args.some((argument) => argument === "" || argument === "--" || /^-[^-]./s.test(argument))) return undefined;
  let action: Action | undefined;
  const grammar = grammarOf(command, (chosen) => {
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
  // yargs may read these words as the value of a switch, as a call for help or as its own name.
  if (parsed.positionals.some((word) => ["true", "false", "help", "$0"].includes(word))) return undefined;
  const [[name, { array = false, coerce }] = ["", {}]] = Object.entries(positionals);
  if (parsed.positionals.length > (array ? Infinity : name === "" ? 0 : 1)) return undefined;
  const given = array ? parsed.positionals : parsed.positionals[0];
  if (parsed.positionals.length > 0) values[name] = coerce === undefined ? given : coerce(given);
  return values;
}

/** With `multiple`, an option that is given twice is noticed. */
function parsedAs({ type, alias }: Options): NonNullable<ParseArgsConfig["options"]>[string] {
  return { type: type === "boolean" ? "boolean" : "string", multiple: true, ...(typeof alias === "string" ? { short: alias } : {}) };
}
