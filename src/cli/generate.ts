/** `generate`: descriptions to files. */
import type { OutputFile } from "../core/output-file.ts";
import { nearest } from "../core/nearest.ts";
import { renderAll } from "../core/pipeline.ts";
import { type TargetId, targetIds } from "../core/target.ts";
import { type DescriptionArguments, checkAll, descriptionsArgument, report } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, exitStatus } from "./io.ts";

interface Arguments extends DescriptionArguments {
  target: TargetId[] | undefined;
  output: string | undefined;
  shared: boolean;
  templates: string | undefined;
}

export const generateCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [descriptions..]`,
    "Render the configuration that descriptions ask for",
    (command) =>
      command
        .positional("descriptions", descriptionsArgument)
        .option("target", {
          alias: "t",
          type: "string",
          array: true,
          nargs: 1,
          describe: `Render this target (repeatable, comma separated): ${targetIds.join(", ")}`,
          defaultDescription: "the description's targets",
          requiresArg: true,
          coerce: (values: string[] | undefined) => values?.flatMap((value) => value.split(",")).filter((value) => value !== "").map(targetId),
        })
        .option("output", {
          alias: "o",
          type: "string",
          requiresArg: true,
          coerce: oneFolder("output"),
          describe: "Write into this folder what differs, instead of to standard output",
        })
        .option("shared", {
          type: "boolean",
          default: false,
          describe: "Render the descriptions for one proxy server: common frontends for HAProxy, files that load side by side for the others",
        })
        .option("templates", {
          type: "string",
          requiresArg: true,
          coerce: oneFolder("templates"),
          describe: "Use the templates in this folder in place of the built-in ones of the same name",
        })
        .example("mailcow-proxy generate -t nginx > mailcow-nginx.conf", "one target of mailcow-proxy.yaml")
        .example("mailcow-proxy generate mail.yaml -o out", "every target, as files below out/")
        .example("mailcow-proxy generate --shared a.yaml b.yaml -t haproxy -o out", "two mailcow hosts behind one HAProxy")
        .example("echo 'hostname: mail.example.org' | mailcow-proxy generate - -t mailcow-conf", "from standard input"),
    (argv) => choose((io) => generate(io, argv)),
  );

async function generate(io: Io, { target, output, shared, templates, ...given }: Arguments): Promise<ExitStatus> {
  const overrides = templates === undefined ? undefined : await io.readTemplates(templates);
  const results = await checkAll(io, given, { targets: target, shared });
  if ((await report(io, results, { strict: false, format: "text" })).failed) return exitStatus.no;
  const asked = results.flatMap(({ site, targets }) => (site === undefined ? [] : [{ site, targets }]));
  const files = shared || asked.length === 1 ? renderAll(asked, overrides) : asked.flatMap((one) => inFolder(one.site.hostname, renderAll([one], overrides)));
  if (output === undefined) {
    io.stdout.write(asText(files));
  } else {
    for (const { path, changed } of await io.writeTree(output, files)) io.stdout.write(`${changed ? "written  " : "unchanged"}  ${path}\n`);
  }
  return exitStatus.done;
}

function inFolder(folder: string, files: readonly OutputFile[]): OutputFile[] {
  return files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
}

/** One file is its own bytes; several are told apart by a line before each. */
function asText(files: readonly OutputFile[]): string {
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return only.content;
  return files.map(({ path, content }) => `# ==> ${path} <==\n${content}`).join("\n");
}

function targetId(value: string): TargetId {
  const id = targetIds.find((candidate) => candidate === value);
  if (id !== undefined) return id;
  const meant = nearest(value, targetIds);
  throw new Error(`There is no target ${value}; ${meant === undefined ? `the targets are ${targetIds.join(", ")}.` : `did you mean ${meant}?`}`);
}

/** An option that names a folder is given once, and an unset variable of a script is not a folder. */
function oneFolder(option: string): (value: string | string[] | undefined) => string | undefined {
  return (value) => {
    if (Array.isArray(value)) throw new Error(`--${option} is given ${value.length} times.`);
    if (value === "") throw new Error(`--${option} is empty.`);
    return value;
  };
}
