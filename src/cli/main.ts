/** The command line: arguments in, exit status out. */
import { nearest } from "../core/nearest.ts";
import { visible } from "../core/visible.ts";
import { withoutLoneHyphens } from "./descriptions.ts";
import { explainCommand } from "./explain.ts";
import { generateCommand } from "./generate.ts";
import { type Action, type Command, type ExitStatus, type Io, SurroundingsError, UsageError, exitStatus } from "./io.ts";
import { plainLine } from "./plain-line.ts";
import { schemaCommand } from "./schema.ts";
import { targetsCommand } from "./targets.ts";
import { templatesCommand } from "./templates.ts";
import { validateCommand } from "./validate.ts";

const name = "mailcow-proxy";

/** Help is hard to read when it is wider than this. */
const maxWidth = 100;

/**
 * @param args the arguments after the program's name
 */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    const action = await understand(args, io.stdout);
    return await action(io);
  } catch (error) {
    if (error instanceof UsageError) return wrongUsage(io.stderr, error.message);
    if (!(error instanceof SurroundingsError)) throw error;
    io.stderr.write(`${name}: ${visible(error.message)}\n${error.help === undefined ? "" : `${error.help}\n`}`);
    return exitStatus.surroundings;
  }
}

async function understand(args: readonly string[], { columns = maxWidth }: Io["stdout"]): Promise<Action> {
  if (args[0] === "--complete") return async ({ stdout }) => completed(stdout, args.slice(1));
  const [first = "", ...rest] = withoutLoneHyphens(args);
  const flag = args.find((argument) => /^--(?:check|diff|files|strict|shared|write|overwrite|secrets|remove-entries|rename-hostname|installed|help|version)=(?!true$|false$)/.test(argument));
  if (flag !== undefined) return ({ stderr }) => wrongUsage(stderr, `${flag} must be true or false.`);
  const command = Object.hasOwn(commands, first) ? await commands[first]?.() : undefined;
  if (command === undefined && /^[^-]/.test(first)) return ({ stderr }) => wrongUsage(stderr, noCommand(first));
  const plain = command === undefined ? undefined : plainLine(command, rest);
  if (plain !== undefined) return plain;
  const { anyLine } = await import("./any-line.ts");
  const asked = { name, width: Math.min(maxWidth, columns) };
  const understood = command === undefined ? anyLine({ ...asked, commands: await allCommands() }, args) : anyLine({ ...asked, commands: { [first]: command } }, rest);
  if ("action" in understood) return understood.action;
  return "mistake" in understood ? ({ stderr }) => wrongUsage(stderr, understood.mistake) : ({ stdout }) => done(stdout, understood.output);
}

/** What each command's line may have, and what it does; those that few runs ask for are loaded then. */
const commands: Readonly<Record<string, () => Command | Promise<Command>>> = {
  init: async () => (await import("./init.ts")).initCommand,
  generate: () => generateCommand,
  validate: () => validateCommand,
  merge: async () => (await import("./merge.ts")).mergeCommand,
  page: async () => (await import("./page.ts")).pageCommand,
  schema: () => schemaCommand,
  targets: () => targetsCommand,
  templates: () => templatesCommand,
  explain: () => explainCommand,
  hash: async () => (await import("./hash.ts")).hashCommand,
  completion: async () => (await import("./completion.ts")).completionCommand,
};

async function allCommands(): Promise<Record<string, Command>> {
  return Object.fromEntries(await Promise.all(Object.entries(commands).map(async ([word, command]) => [word, await command()] as const)));
}

function noCommand(word: string): string {
  const meant = nearest(word, Object.keys(commands));
  return `Unknown command ${word}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
}

function wrongUsage(stderr: Io["stderr"], message: string): ExitStatus {
  stderr.write(`${name}: ${visible(message)}\nSee ${name} --help.\n`);
  return exitStatus.usage;
}

function done(stdout: Io["stdout"], output: string): ExitStatus {
  stdout.write(`${output}\n`);
  return exitStatus.done;
}

/** Writes for a completion script: a word on each line, and last the kind of paths, after a colon. */
async function completed(stdout: Io["stdout"], line: readonly string[]): Promise<ExitStatus> {
  const { complete } = await import("./completion/complete.ts");
  const { words, paths } = await complete(line, commands);
  stdout.write([...words, ...(paths === undefined ? [] : [`:${paths}`])].map((word) => `${word}\n`).join(""));
  return exitStatus.done;
}
