/** `validate`: checks descriptions. */
import { visible } from "../core/visible.ts";
import { type Format, formats } from "../reports/index.ts";
import { type Reported, reported } from "../reports/report.ts";
import { choice } from "./choice.ts";
import { takes } from "./completion/completes.ts";
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
    "Check descriptions and report every problem",
    (command) =>
      command
        .positional("descriptions", descriptionsArgument)
        .option("files", { type: "boolean", default: false, describe: "Also check each certificate and its key: names, dates, file modes" })
        .option("strict", { type: "boolean", default: false, describe: "Fail on warnings too" })
        .option("format", takes(formats, {
          type: "string",
          default: "text",
          requiresArg: true,
          coerce: choice("format", formats),
          describe: `Report format: ${formats.join(", ")}; all except text go to standard output`,
        }))
        .example("mailcow-proxy validate", "check mailcow-proxy.yaml")
        .example("mailcow-proxy validate --strict hosts", "check many descriptions in CI")
        .example("mailcow-proxy validate --files", "on the proxy's host: check the certificate and its renewal")
        .example("mailcow-proxy validate --format github", "annotations in GitHub Actions"),
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
