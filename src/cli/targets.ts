/** `targets`: what can be rendered. */
import type { CommandModule } from "yargs";
import { targetIds } from "../core/target.ts";
import { targets } from "../targets/index.ts";
import { type Choose, exitStatus } from "./io.ts";

export function targetsCommand(choose: Choose): CommandModule {
  return {
    command: "targets",
    describe: "List the targets and the versions they are written for",
    builder: (command) => command.example("mailcow-proxy targets", "a line for each target"),
    handler: () =>
      choose(({ stdout }) => {
        const width = Math.max(...targetIds.map((id) => id.length));
        for (const id of targetIds) stdout.write(`${id.padEnd(width)}  ${targets[id].title} ${targets[id].versions}\n`);
        return exitStatus.done;
      }),
  };
}
