/** `schema`: the description's JSON Schema. */
import type { CommandModule } from "yargs";
import { type Choose, exitStatus } from "./io.ts";

export function schemaCommand(choose: Choose): CommandModule {
  return {
    command: "schema",
    describe: "Print the description's JSON Schema, for an editor",
    builder: (command) =>
      command.example(
        "mailcow-proxy schema > mailcow-proxy.schema.json",
        "then begin a description with: # yaml-language-server: $schema=mailcow-proxy.schema.json",
      ),
    handler: () =>
      choose(async ({ stdout }) => {
        const { default: schema } = await import("../../schemas/description.schema.json?raw");
        stdout.write(schema);
        return exitStatus.done;
      }),
  };
}
