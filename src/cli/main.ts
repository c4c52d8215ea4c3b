/** The command line: arguments in, exit status out. */
import yargs, { type Argv } from "yargs";
import { nearest } from "../core/nearest.ts";
import { visible } from "../core/visible.ts";
import { defaultDescription, withoutLoneHyphens } from "./descriptions.ts";
import { generateCommand } from "./generate.ts";
import { type Action, type Choose, type Command, type ExitStatus, type Io, SurroundingsError, UsageError, exitStatus } from "./io.ts";
import { initCommand } from "./init.ts";
import { mergeCommand } from "./merge.ts";
import { schemaCommand } from "./schema.ts";
import { targetsCommand } from "./targets.ts";
import { validateCommand } from "./validate.ts";

const name = "mailcow-proxy";

const noCommandGiven = "A command is missing.";

/** Help is readable up to this width. */
const maxWidth = 100;

/**
 * @param args the arguments behind the program's name
 */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await understand(args, Math.min(maxWidth, io.stdout.columns ?? maxWidth))(io);
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(io.stderr, error.message);
    if (!(error instanceof SurroundingsError)) throw error;
    io.stderr.write(`${name}: ${visible(error.message)}\n${error.help === undefined ? "" : `${error.help}\n`}`);
    return exitStatus.surroundings;
  }
}

function understand(args: readonly string[], width: number): Action {
  let action: Action | undefined;
  const choose: Choose = (chosen) => {
    action = chosen;
  };
  const [first = "", ...rest] = withoutLoneHyphens(args);
  const flag = args.find((argument) => /^--(?:check|diff|files|strict|shared|write|installed|help|version)=(?!true$|false$)/.test(argument));
  if (flag !== undefined) return ({ stderr }) => wrongUsage(stderr, `${flag} is not true or false.`);
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (command === undefined && /^[^-]/.test(first) && first !== "completion") return ({ stderr }) => wrongUsage(stderr, noCommand(first));
  // A command that is named first is all that yargs is told of, as its default one: half of its work is left out.
  const parser = command === undefined ? allCommands(choose) : command(yargs().scriptName(`${name} ${first}`), "$0", choose);
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
    .parse(command === undefined ? wholeLine(first, rest) : rest, {}, (error, _argv, output) => {
      if (error !== undefined && error !== null) choose(({ stderr }) => wrongUsage(stderr, error.message));
      else if (output !== "") choose(({ stdout }) => done(stdout, output));
    });
  // yargs overlooks that what stands behind two hyphens is no command.
  return action ?? (({ stderr }) => wrongUsage(stderr, noCommandGiven));
}

const commands: Readonly<Record<string, Command>> = {
  init: initCommand,
  generate: generateCommand,
  validate: validateCommand,
  merge: mergeCommand,
  schema: schemaCommand,
  targets: targetsCommand,
};

function allCommands(choose: Choose): Argv {
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

function wholeLine(first: string, rest: readonly string[]): string[] {
  // yargs prints the completion script, whatever else is asked for.
  if (first === "completion" && rest.some((argument) => argument === "--help" || argument === "-h")) return ["--help"];
  return first === "" ? [...rest] : [first, ...rest];
}

function noCommand(word: string): string {
  const meant = nearest(word, Object.keys(commands));
  return `There is no command ${word}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function wrongUsage(stderr: Io["stderr"], message: string): ExitStatus {
  stderr.write(`${name}: ${visible(message)}\nSee ${name} --help.\n`);
  return exitStatus.usage;
}

function done(stdout: Io["stdout"], output: string): ExitStatus {
  stdout.write(`${output}\n`);
  return exitStatus.done;
}
