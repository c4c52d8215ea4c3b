/** `templates`: lists and exports the built-in templates, and prints the values that they are given. */
import { join } from "node:path";
import { nearest } from "../core/nearest.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Target } from "../core/output/target.ts";
import { visible, visibleJson } from "../core/visible.ts";
import { targetIds, targets } from "../targets/index.ts";
import { takes } from "./completion/completes.ts";
import { checkOne, report, standardInput } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, SurroundingsError, UsageError, exitStatus } from "./io.ts";
import { once } from "./once.ts";

/** A built-in template. Each target has its own copy of a template that several targets share. */
interface BuiltIn {
  readonly target: TargetId;
  readonly file: string;
  /** The path that --templates reads. */
  readonly path: string;
}

const builtIn: readonly BuiltIn[] = targetIds.flatMap((target) => Object.keys(targets[target].templates).map((file) => ({ target, file, path: `${target}/${file}` })));

const names = [...targetIds, ...builtIn.map(({ path }) => path)];

const [anyTemplate] = builtIn.map(({ path }) => path);

interface Arguments {
  names?: string[] | undefined;
  export: string | undefined;
  values: string | undefined;
}

export const templatesCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [names..]`,
    "List or export the built-in templates",
    (command) =>
      command
        .positional("names", takes(names, { type: "string", array: true, describe: "Targets or templates; default: all" }))
        .option("export", takes("folders", { type: "string", requiresArg: true, coerce: once<string | undefined>("export"), describe: "Write the templates to this folder, for generate --templates" }))
        .option("values", takes("files", { type: "string", requiresArg: true, coerce: once<string | undefined>("values"), describe: "Print the values that this description gives to the templates, as JSON" }))
        .check((argv) => fit(argv))
        .example("mailcow-proxy templates", "list all templates")
        .example(`mailcow-proxy templates ${anyTemplate} --export own`, "a copy of one template, to change it")
        .example(`mailcow-proxy templates ${targetIds[0]} --values mail.yaml`, "what its templates can use"),
    (argv) => choose((io) => run(io, argv)),
  );

/** Rejects options that do not work together. */
function fit({ export: folder, values }: Pick<Arguments, "export" | "values">): true {
  if (folder !== undefined && values !== undefined) throw new Error("--export writes files, but --values only prints; use one of them.");
  return true;
}

async function run(io: Io, { names: asked = [], export: folder, values }: Arguments): Promise<ExitStatus> {
  const chosen = asked.length === 0 ? builtIn : asked.flatMap(named);
  if (values !== undefined) return print(io, values, asked.length === 0 ? undefined : [...new Set(chosen.map(({ target }) => target))]);
  if (folder !== undefined) return write(io, chosen, folder);
  io.stdout.write(chosen.map(({ path }) => `${path}\n`).join(""));
  return exitStatus.done;
}

/** The template of a name, or all templates of a target. */
function named(name: string): readonly BuiltIn[] {
  const found = builtIn.filter(({ target, path }) => path === name || target === name);
  if (found.length > 0) return found;
  const meant = nearest(name, names);
  throw new UsageError(`Unknown template ${name}${meant === undefined ? "; to list all templates, run mailcow-proxy templates." : `; did you mean ${meant}?`}`);
}

async function write(io: Io, chosen: readonly BuiltIn[], folder: string): Promise<ExitStatus> {
  const { sources } = await import("../../templates?sources");
  const files = [...new Set(chosen)].map(({ target, file, path }) => {
    const content = sources[path] ?? sources[`shared/${file}`];
    if (content === undefined) throw new Error(`${target} has no template ${file}`);
    return { path, mode: "0644", content };
  });
  for (const { path, content } of files) {
    const place = join(folder, path);
    const found = await io.find(place);
    if (found !== undefined && found.content !== content) throw new SurroundingsError(`cannot write ${place}: it already exists and is different`, { help: "Nothing was written. Export to another folder, and compare the two." });
  }
  const tree = io.writeTree(folder);
  try {
    tree.add(files);
    const written = await tree.commit();
    io.stdout.write(written.map(({ path, changed }) => `${changed ? "written  " : "unchanged"}  ${visible(path)}\n`).join(""));
  } finally {
    tree.discard();
  }
  return exitStatus.done;
}

async function print(io: Io, description: string, asked: readonly TargetId[] | undefined): Promise<ExitStatus> {
  const file = description === standardInput.device ? standardInput.word : description;
  const checked = await checkOne(io, file, { targets: asked });
  const { failed } = await report(io, [checked], { strict: false, format: "text" });
  const { site, targets: ids } = checked;
  if (failed || site === undefined) return exitStatus.no;
  const views = ids.map((id): [string, object] => {
    const target: Target = targets[id];
    return [id, target.view([site])];
  });
  io.stdout.write(`${visibleJson(withNull(Object.fromEntries(views)))}\n`);
  return exitStatus.done;
}

/** Shows values that are not set, which JSON would leave out. */
function withNull(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (inner === undefined ? null : inner)));
}
