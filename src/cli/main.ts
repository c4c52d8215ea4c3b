/** The command line: arguments in, exit status out. */
import yargs from "yargs";
import { withoutLoneHyphens } from "./descriptions.ts";
import { generateCommand } from "./generate.ts";
import { type Action, type ExitStatus, type Io, SurroundingsError, exitStatus } from "./io.ts";
import { schemaCommand } from "./schema.ts";
import { targetsCommand } from "./targets.ts";
import { validateCommand } from "./validate.ts";

/** Help is readable up to this width. */
const maxWidth = 100;

/**
 * @param args the arguments behind the program's name
 */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await understand(args, io.stdout.columns ?? maxWidth)(io);
  } catch (error) {
    if (!(error instanceof SurroundingsError)) throw error;
    io.stderr.write(`mailcow-proxy: ${error.message}\n`);
    return exitStatus.surroundings;
  }
}

function understand(args: readonly string[], columns: number): Action {
  let action: Action | undefined;
  const choose = (chosen: Action) => {
    action = chosen;
  };
  const parser = yargs()
    .scriptName("mailcow-proxy")
    .locale("en")
    .usage("mailcow-proxy COMMAND\n\nTurns the description of a mailcow host into its reverse proxy's configuration.")
    .command(generateCommand(choose))
    .command(validateCommand(choose))
    .command(schemaCommand(choose))
    .command(targetsCommand(choose))
    .completion("completion", "Print a completion script for bash or zsh")
    .demandCommand(1, "A command is missing.")
    .recommendCommands()
    .strict()
    .alias("h", "help")
    .version(__VERSION__)
    .epilogue("Exit status: 0 done; 1 the description is invalid; 2 wrong usage; 3 a file cannot be read or written.")
    .wrap(Math.min(maxWidth, columns))
    .exitProcess(false)
    .showHelpOnFail(false);
  // With a callback yargs hands its output and its errors over instead of printing them and exiting.
  void parser.parse(withoutLoneHyphens(args), {}, (error, _argv, output) => {
    if (error !== undefined && error !== null) choose(({ stderr }) => wrongUsage(stderr, error.message));
    else if (output !== "") choose(({ stdout }) => done(stdout, output));
  });
  if (action === undefined) throw new Error("no command was chosen");
  return action;
}

function wrongUsage(stderr: Io["stderr"], message: string): ExitStatus {
  stderr.write(`mailcow-proxy: ${message}\nSee mailcow-proxy --help.\n`);
  return exitStatus.usage;
}

function done(stdout: Io["stdout"], output: string): ExitStatus {
  stdout.write(`${output}\n`);
  return exitStatus.done;
}
