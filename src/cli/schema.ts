/** `schema`: prints the JSON Schema of descriptions. */
import text from "../../schemas/description.schema.json?raw";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

export const schemaCommand: Command = (parser, word, choose) =>
  parser.command(
    word,
    "Print the JSON Schema of descriptions, for editors",
    (command) =>
      command.example(
        "mailcow-proxy schema > mailcow-proxy.schema.json",
        "then start the description with: # yaml-language-server: $schema=mailcow-proxy.schema.json",
      ),
    () => choose(schema),
  );

function schema({ stdout }: Io): ExitStatus {
  stdout.write(text);
  return exitStatus.done;
}
