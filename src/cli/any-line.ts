/** Any command line, by yargs: help, mistakes, and every way to write an option. */
import yargs, { type Argv } from "yargs";
import { defaultDescription } from "./descriptions.ts";
import { grammarOf } from "./grammar.ts";
import { inOurWords } from "./mistakes.ts";
import type { Action, Choose, Command } from "./io.ts";

export interface Program {
  /** The program's own name. */
  readonly name: string;
  /** Columns that help may take. */
  readonly width: number;
  /** By the words that they are called by. One is the command of the line, and its word is not in it. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** What a line comes to: something to do, a text that was asked for, or what is wrong with it. */
export type Understood = { readonly action: Action } | { readonly output: string } | { readonly mistake: string };

const noCommandGiven = "A command is missing.";

export function anyLine({ name, width, commands }: Program, args: readonly string[]): Understood {
  const odd = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined).find(isPrototypes);
  if (odd !== undefined) return { mistake: `Unknown option ${odd.replace(/=.*/s, "")}.` };
  // yargs does not notice that a word after -- is not a command.
  let understood: Understood = { mistake: noCommandGiven };
  const choose: Choose = (action) => {
    understood = { action };
  };
  const [[word, command] = [], ...others] = Object.entries(commands);
  // When a command comes first, yargs learns only that one, as its default command. This halves its work.
  const parser = command === undefined || others.length > 0 ? allOf(commands, name, choose) : command(yargs().scriptName(`${name} ${word}`), "$0", choose);
  void parser
    .locale("en")
    .strict()
    // Report a mistyped option, and do not make it a property of another one.
    .parserConfiguration({ "populate--": true, "dot-notation": false, "boolean-negation": false, "short-option-groups": false })
    .alias("h", "help")
    .version(__VERSION__)
    .wrap(width)
    .exitProcess(false)
    .showHelpOnFail(false)
    // With a callback, yargs passes on its output and errors instead of printing them and exiting.
    .parse([...args], {}, (error, _argv, output) => {
      if (error !== undefined && error !== null) understood = { mistake: inOurWords(error.message, args, command === undefined || others.length > 0 ? undefined : grammarOf(command)) };
      else if (output !== "") understood = { output };
    });
  return understood;
}

/** Whether the option has the name of something that every object has. yargs takes these for settings of its own, and fails. */
function isPrototypes(argument: string): boolean {
  const [, name] = /^--?([^=]+)/s.exec(argument) ?? [];
  return name !== undefined && name in Object.prototype;
}

function allOf(commands: Program["commands"], name: string, choose: Choose): Argv {
  return Object.entries(commands)
    .reduce((parser, [word, command]) => command(parser, word, choose), yargs())
    .scriptName(name)
    .usage(`${name} COMMAND\n\nGenerates the configuration of the reverse proxy from the description of a mailcow host.`)
    .example(`${name} generate`, `generate the files for ${defaultDescription}`)
    .example(`${name} completion bash >> ~/.bashrc`, "complete commands, options and their values in bash")
    .demandCommand(1, noCommandGiven)
    .epilogue("Exit status: 0 done; 1 invalid input, or differences found; 2 wrong usage; 3 a file cannot be read or written.");
}
