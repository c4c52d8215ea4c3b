/** `validate`: descriptions to a verdict. */
import { type DescriptionArguments, checkAll, descriptionsArgument, report } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

interface Arguments extends DescriptionArguments {
  strict: boolean;
}

export const validateCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [descriptions..]`,
    "Say everything that is wrong with descriptions",
    (command) =>
      command
        .positional("descriptions", descriptionsArgument)
        .option("strict", { type: "boolean", default: false, describe: "Let warnings fail too" })
        .example("mailcow-proxy validate", "check mailcow-proxy.yaml")
        .example("mailcow-proxy validate --strict hosts/*.yaml", "check many, in CI"),
    (argv) => choose((io) => validate(io, argv)),
  );

async function validate(io: Io, { strict, ...given }: Arguments): Promise<ExitStatus> {
  const results = await checkAll(io, given);
  if (report(io, results, { strict }).failed) return exitStatus.no;
  for (const { site, file } of results) if (site !== undefined) io.stdout.write(`${file}: ${site.hostname} is valid\n`);
  return exitStatus.done;
}
