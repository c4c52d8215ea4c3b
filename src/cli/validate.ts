/** `validate`: descriptions to a verdict. */
import { visible } from "../core/visible.ts";
import { type Format, formats } from "../reports/index.ts";
import { type Reported, reported } from "../reports/report.ts";
import { choice } from "./choice.ts";
import { type DescriptionArguments, checkEach, descriptionFiles, descriptionsArgument, report } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

interface Arguments extends DescriptionArguments {
  files: boolean;
  strict: boolean;
  format: Format;
}

export const validateCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [descriptions..]`,
    "Say everything that is wrong with descriptions",
    (command) =>
      command
        .positional("descriptions", descriptionsArgument)
        .option("files", { type: "boolean", default: false, describe: "Look at each certificate and its key, too: names, dates, modes" })
        .option("strict", { type: "boolean", default: false, describe: "Let warnings fail too" })
        .option("format", {
          type: "string",
          default: "text",
          requiresArg: true,
          coerce: choice("format", formats),
          describe: `Report as one of ${formats.join(", ")}; all but text go to standard output`,
        })
        .example("mailcow-proxy validate", "check mailcow-proxy.yaml")
        .example("mailcow-proxy validate --strict hosts", "check many, in CI")
        .example("mailcow-proxy validate --files", "on the proxy's host: is the certificate right, and renewed in time?")
        .example("mailcow-proxy validate --format github", "annotations, in GitHub Actions"),
    (argv) => choose((io) => validate(io, argv)),
  );

async function validate(io: Io, { files, strict, format, ...given }: Arguments): Promise<ExitStatus> {
  const { files: paths } = await descriptionFiles(io, given);
  const results: Reported[] = [];
  for await (const checked of checkEach(io, paths, { files })) results.push(reported(checked));
  if ((await report(io, results, { strict, format })).failed) return exitStatus.no;
  if (format === "text") for (const { site, file } of results) if (site !== undefined) io.stdout.write(`${visible(file)}: ${site.hostname} is valid\n`);
  return exitStatus.done;
}
