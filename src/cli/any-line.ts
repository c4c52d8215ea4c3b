/** Any command line, by yargs: help, completion, mistakes, and every way to write an option. */
import yargs, { type Argv } from "yargs";
import { defaultDescription } from "./descriptions.ts";
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
  // yargs overlooks that what stands behind two hyphens is no command.
  let understood: Understood = { mistake: noCommandGiven };
  const choose: Choose = (action) => {
    understood = { action };
  };
  const [[word, command] = [], ...others] = Object.entries(commands);
  // A command that is named first is all that yargs is told of, as its default one: half of its work is left out.
  const parser = command === undefined || others.length > 0 ? allOf(commands, name, choose) : command(yargs().scriptName(`${name} ${word}`), "$0", choose);
  void parser
    .locale("en")
    .strict()
    // A mistyped option is to be told, not to become a property of another.
    .parserConfiguration({ "populate--": true, "dot-notation": false, "boolean-negation": false, "short-option-groups": false })
    .alias("h", "help")
    .version(__VERSION__)
    .wrap(width)
    .exitProcess(false)
    .showHelpOnFail(false)
    // With a callback yargs hands its output and its errors over instead of printing them and exiting.
    .parse([...args], {}, (error, _argv, output) => {
      if (error !== undefined && error !== null) understood = { mistake: error.message };
      else if (output !== "") understood = { output };
    });
  return understood;
}

function allOf(commands: Program["commands"], name: string, choose: Choose): Argv {
  return Object.entries(commands)
    .reduce((parser, [word, command]) => command(parser, word, choose), yargs())
    .scriptName(name)
    .usage(`${name} COMMAND\n\nTurns the description of a mailcow host into its reverse proxy's configuration.`)
    .completion("completion", "Print a completion script for bash or zsh")
    .example(`${name} generate`, `render ${defaultDescription}`)
    .example(`${name} completion >> ~/.bashrc`, "complete commands and options in bash")
    .demandCommand(1, noCommandGiven)
    .epilogue("Exit status: 0 done; 1 the answer is no; 2 wrong usage; 3 a file cannot be read or written.");
}
