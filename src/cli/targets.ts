/** `targets`: what can be rendered. */
import { targetIds, targets } from "../targets/index.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

export const targetsCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "List the targets and the versions they are written for",
    (command) => command.example("mailcow-proxy targets", "a line for each target"),
    () => choose(list),
  );

function list({ stdout }: Io): ExitStatus {
  const width = Math.max(...targetIds.map((id) => id.length));
  for (const id of targetIds) stdout.write(`${id.padEnd(width)}  ${targets[id].title} ${targets[id].versions}\n`);
  return exitStatus.done;
}
