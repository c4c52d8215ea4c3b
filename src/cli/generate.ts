/** `generate`: descriptions to files. */
import type { OutputFile } from "../core/output/output-file.ts";
import { type Asked, renderAll, renderEach } from "../pipeline/render.ts";
import type { RenderOptions } from "../core/output/render.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { type FileFormat, fileFormats } from "../outputs/index.ts";
import type { Groups } from "../outputs/output.ts";
import { serverIds } from "../core/site/servers.ts";
import { targetIds, targets } from "../targets/index.ts";
import { type Accepted, accept } from "./accept.ts";
import { choice, wordOf } from "./choice.ts";
import { takes } from "./completion/completes.ts";
import { print, write } from "./deliver.ts";
import { type DescriptionArguments, descriptionFiles, descriptionsArgument } from "./descriptions.ts";
import { editFinder } from "./edits.ts";
import type { Layout } from "./leftovers.ts";
import { once } from "./once.ts";
import { secretsOf, sourcesOf } from "./secrets.ts";
import { type Command, type ExitStatus, type Io, UsageError, exitStatus } from "./io.ts";

interface Options {
  target: TargetId[] | undefined;
  output: string | undefined;
  format: FileFormat | undefined;
  check: boolean;
  diff: boolean;
  installed: boolean;
  root: string | undefined;
  shared: boolean;
  templates: string | undefined;
  overwrite: boolean;
  secrets: boolean;
}

/** A server for the examples. */
const [anyServer = ""] = serverIds;

/** The servers with common files for all sites. */
const together = serverIds.filter((id) => targets[id].several === "together").map((id) => targets[id].title).join(" and ");

export const generateCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [descriptions..]`,
    "Generate the configuration files for descriptions",
    (command) =>
      command
        .positional("descriptions", descriptionsArgument)
        .option("target", takes(targetIds, {
          alias: "t",
          type: "string",
          array: true,
          nargs: 1,
          describe: `Generate only these targets (repeatable, or separated by commas): ${targetIds.join(", ")}`,
          defaultDescription: "the description's targets",
          requiresArg: true,
          coerce: (values: string[] | undefined) => (values === undefined ? undefined : targetsOf(values)),
        }))
        .option("output", takes("folders", {
          alias: "o",
          type: "string",
          requiresArg: true,
          coerce: once<string | undefined>("output"),
          describe: "Write changed files to this folder instead of standard output",
        }))
        .option("overwrite", { type: "boolean", default: false, describe: "With --output: also replace files that were edited by hand or are not from mailcow-proxy" })
        .option("format", takes(fileFormats, {
          type: "string",
          requiresArg: true,
          coerce: choice("format", fileFormats),
          defaultDescription: "text",
          describe: `Output format: ${fileFormats.join(", ")}`,
        }))
        .option("check", {
          type: "boolean",
          default: false,
          describe: "Write nothing; list the files in --output or --installed that differ from the generated ones",
        })
        .option("diff", { type: "boolean", default: false, describe: "Like --check, and print the changes as a diff for patch or git apply" })
        .option("installed", { type: "boolean", default: false, describe: "With --check or --diff: compare with the files installed on this host" })
        .option("root", takes("folders", { type: "string", requiresArg: true, coerce: once<string | undefined>("root"), describe: "With --installed: the root folder of the host's file system" }))
        .option("shared", {
          type: "boolean",
          default: false,
          describe: `Generate all descriptions for one proxy server: common files for ${together}, separate files that load together for the others`,
        })
        .option("templates", takes("folders", {
          type: "string",
          requiresArg: true,
          coerce: once<string | undefined>("templates"),
          describe: "Use the templates in this folder instead of the built-in ones with the same names",
        }))
        .option("secrets", { type: "boolean", default: false, describe: "Generate only the files with a secret, such as a password, which are left out otherwise" })
        .check((argv) => fit(argv))
        .example(`mailcow-proxy generate -t ${anyServer} > ${anyServer}.conf`, "only one target of mailcow-proxy.yaml")
        .example("mailcow-proxy generate mail.yaml -o out", "all targets, as files in out/")
        .example("mailcow-proxy generate hosts -o out --check", "check that out/ is up to date with hosts/")
        .example(`mailcow-proxy generate -t ${anyServer} --installed --diff`, "show what would change on this host")
        .example(`mailcow-proxy generate --shared a.yaml b.yaml -t ${anyServer} -o out`, "two mailcow hosts behind one proxy")
        .example("echo 'hostname: mail.example.org' | mailcow-proxy generate - -t mailcow-conf", "read standard input"),
    (argv) => choose((io) => generate(io, argv)),
  );

function targetsOf(values: readonly string[]): TargetId[] {
  const words = values.flatMap((value) => value.split(",")).filter((word) => word !== "");
  // An empty variable in a script must not generate nothing, silently.
  if (words.length === 0 && values.length > 0) throw new Error(`--target needs a value; use one of: ${targetIds.join(", ")}.`);
  return words.map((word) => wordOf("target", targetIds, word));
}

/** Rejects options that do not work together. */
function fit({ output, format, check, diff, installed, root, overwrite }: Omit<Options, "target" | "shared" | "templates" | "secrets">): true {
  const compare = check || diff;
  const asked = check ? "--check" : "--diff";
  if (format !== undefined && (compare || output !== undefined)) throw new Error(`--format is only for standard output, but ${compare ? asked : "--output"} does not print the files.`);
  if (installed && output !== undefined) throw new Error("--installed and --output are both places to compare with; use only one of them.");
  if (compare && !installed && output === undefined) throw new Error(`${asked} needs files to compare with: add --output DIR or --installed.`);
  if (installed && !compare) throw new Error("--installed works only with --check or --diff.");
  if (root !== undefined && !installed) throw new Error("--root works only with --installed.");
  if (overwrite && (compare || output === undefined)) throw new Error(compare ? `--overwrite replaces files, but ${asked} only compares; use one of them.` : "--overwrite works only with --output.");
  return true;
}

async function generate(io: Io, { target, output, format = "text", check, diff, installed, root = "/", shared, templates, overwrite, secrets, ...given }: Options & DescriptionArguments): Promise<ExitStatus> {
  if (format === "tar" && output === undefined && !installed && io.stdout.isTerminal) {
    io.stderr.write("mailcow-proxy: Not writing an archive to the terminal; send it to a file or another program.\n");
    return exitStatus.usage;
  }
  await refuseTargets(io, target, given);
  const overrides = templates === undefined ? undefined : await io.readTemplates(templates);
  const { files, several } = await descriptionFiles(io, given);
  const layout = shared ? "shared" : several ? "apart" : "alone";
  const edits = output === undefined || check || diff || overwrite ? undefined : await editFinder(io, output, secrets ? { secrets: () => "" } : {});
  const onOneServer: Asked[] = [];
  let hasSecrets = false;
  const accepted = await accept(io, files, { targets: target, shared }, async (asked) => {
    hasSecrets ||= secrets && sourcesOf(asked).length > 0;
    if (layout === "shared") onOneServer.push(asked);
    else await edits?.look([asked], folderOf(layout, asked));
  });
  if (accepted === undefined) return exitStatus.no;
  // A program that asks for JSON gets an empty list.
  if (secrets && !hasSecrets && format === "text") throw new UsageError("--secrets is for targets with a secret, such as the login of a relayhost, but none of these targets has one.");
  const groups = render(accepted, layout, { sha256: io.sha256, overrides }, secrets ? (asked) => secretsOf(io, asked) : undefined);
  if (installed) return (await import("./compare.ts")).compareInstalled(io, groups, { root, diff, hosts: shared ? ["proxy"] : ["proxy", "mailcow"], withSecrets: secrets });
  if (output === undefined) return print(io, groups, format);
  if (check || diff) return (await import("./compare.ts")).compareOutput(io, groups, { folder: output, diff, layout, targets: target ?? targetIds });
  await edits?.look(onOneServer, "");
  if (edits?.report() === true) return exitStatus.no;
  return write(io, groups, accepted.count, output);
}

/** `-t` takes one value, so in `-t a b` the second target is read as a description. */
async function refuseTargets(io: Io, target: readonly TargetId[] | undefined, { descriptions = [] }: DescriptionArguments): Promise<void> {
  for (const path of descriptions) {
    const id = targetIds.find((candidate) => candidate === path);
    if (id === undefined || (await io.exists(path))) continue;
    throw new UsageError(`${id} is a target, and there is no description of that name. To generate it, write -t ${[...(target ?? []), id].join(",")}.`);
  }
}

/** The folder of a description's files in the output folder. */
function folderOf(layout: Layout, { site }: Asked): string {
  return layout === "apart" ? `${site.hostname}/` : "";
}

/** The files of each description in turn, or the files of all descriptions for one server. */
async function* render(accepted: Accepted, layout: Layout, options: RenderOptions, read: ((asked: readonly Asked[]) => Promise<RenderOptions["secrets"]>) | undefined): Groups {
  const together: Asked[] = [];
  for await (const asked of accepted.each()) {
    if (layout === "shared") together.push(asked);
    else yield { asked: [asked], files: inFolder(folderOf(layout, asked), renderAll([asked], { ...options, secrets: await read?.([asked]) })) };
  }
  if (layout !== "shared") return;
  for (const files of renderEach(together, { ...options, secrets: await read?.(together) })) yield { asked: [], files };
  yield { asked: together, files: [] };
}

function inFolder(folder: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map((file) => ({ ...file, path: `${folder}${file.path}` }));
}
