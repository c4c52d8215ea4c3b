/** `schema`: the description's JSON Schema. */
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

export const schemaCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "Print the description's JSON Schema, for an editor",
    (command) =>
      command.example(
        "mailcow-proxy schema > mailcow-proxy.schema.json",
        "then begin a description with: # yaml-language-server: $schema=mailcow-proxy.schema.json",
      ),
    () => choose(schema),
  );

async function schema({ stdout }: Io): Promise<ExitStatus> {
  const { default: text } = await import("../../schemas/description.schema.json?raw");
  stdout.write(text);
  return exitStatus.done;
}
