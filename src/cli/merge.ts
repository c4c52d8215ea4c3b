/** `merge`: sets a description's values in mailcow's files that belong to the administrator as well. */
import { basename, join } from "node:path";
import type { ChangedValue, MergedFileId } from "../core/merged/values.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { visible } from "../core/visible.ts";
import { type Merged, type Merging, filesOf, isRefused, mergedFileNamed, mergedFiles, mergingOf } from "../pipeline/merged-files.ts";
import { targetIds } from "../targets/index.ts";
import { wordOf } from "./choice.ts";
import { takes } from "./completion/completes.ts";
import { checkWith, defaultDescription, pathsOf, report, standardInput } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, SurroundingsError, UsageError, exitStatus } from "./io.ts";
import { printDiff, readMerged, tell } from "./merged.ts";
import { once } from "./once.ts";

/** The targets that set values in these files. */
const mergingIds = mergingOf(targetIds);

interface Options {
  target: TargetId[] | undefined;
  into: string | undefined;
  write: boolean;
  check: boolean;
  diff: boolean;
  removeEntries: boolean;
  renameHostname: boolean;
}

interface Arguments extends Options {
  description: string | undefined;
  "--"?: (string | number)[];
}

export const mergeCommand: Command = (parser, word, choose) =>
  parser.command(
    `${word} [description]`,
    "Set the values of a description in mailcow.conf and mailcow's other files",
    (command) =>
      command
        .positional("description", takes("files", { type: "string", describe: `Description file, or - for standard input; default: ${defaultDescription}` }))
        .option("target", takes(mergingIds, {
          alias: "t",
          type: "string",
          array: true,
          nargs: 1,
          requiresArg: true,
          coerce: (values: string[] | undefined) => (values === undefined ? undefined : targetsOf(values)),
          defaultDescription: "mailcow-conf and the description's targets",
          describe: `Set only the values of these targets (repeatable, or separated by commas): ${mergingIds.join(", ")}`,
        }))
        .option("into", takes("files", { type: "string", requiresArg: true, coerce: once<string | undefined>("into"), describe: "The file, or - for standard input; its name says which of mailcow's files it is, mailcow.conf if it is another name. Default: all files that the targets need, in the description's mailcow.directory" }))
        .option("write", { type: "boolean", default: false, describe: "Change the files and keep backups next to them, instead of printing the result" })
        .option("check", { type: "boolean", default: false, describe: "Write nothing; list the keys that would change" })
        .option("diff", { type: "boolean", default: false, describe: "Like --check, and print a diff without secrets" })
        .option("remove-entries", { type: "boolean", default: false, describe: "Remove list entries that the description does not have" })
        .option("rename-hostname", { type: "boolean", default: false, describe: "Replace another MAILCOW_HOSTNAME with the description's hostname" })
        .check(({ into, write, check, diff, description }) => fit({ into, write, check, diff }, description))
        .example("mailcow-proxy merge --diff", "show what would change in mailcow.directory")
        .example("mailcow-proxy merge --into /opt/mailcow-dockerized/mailcow.conf --write", "change the file")
        .example("mailcow-proxy merge -t relayhost --write", "change only the file of this target")
        .example("mailcow-proxy merge mail.yaml --into - < mailcow.conf > new.conf", "use it as a filter"),
    (argv) => choose((io) => run(io, argv)),
  );

function targetsOf(values: readonly string[]): TargetId[] {
  return values.flatMap((value) => value.split(",")).filter((word) => word !== "").map((word) => wordOf("target", mergingIds, word));
}

/** Rejects options that do not work together. */
function fit({ into, write, check, diff }: Pick<Options, "into" | "write" | "check" | "diff">, description: string | undefined): true {
  const fromInput = into === standardInput.device;
  if (write && (check || diff)) throw new Error(`--write changes the file, but ${check ? "--check" : "--diff"} only compares; use one of them.`);
  if (write && fromInput) throw new Error("--write needs a file, but --into is standard input.");
  if (fromInput && description === standardInput.device) throw new Error("The description and --into cannot both be standard input.");
  return true;
}

/** One of mailcow's files, and where it is. */
interface Place {
  readonly id: MergedFileId;
  readonly path: string;
  /** Where commands run, if not in the file's own folder. */
  readonly folder: string | undefined;
}

async function run(io: Io, { description, "--": behind = [], ...options }: Arguments): Promise<ExitStatus> {
  const given = description === undefined ? behind.slice(0, 1).map(String) : [description];
  const [path = defaultDescription] = pathsOf({ descriptions: given });
  const { site, ...said } = await checkWith(io, path, (own) => options.target ?? mergingOf(["mailcow-conf", ...own]));
  const { failed } = await report(io, [{ site, ...said }], { strict: false, format: "text" });
  if (failed || site === undefined) return exitStatus.no;
  const merging = { site, targets: said.targets, options };
  const places = options.into === undefined ? await ownPlaces(io, merging) : [placeOf(options.into, merging)];
  if (options.write) return write(io, places, merging);
  const results = [];
  for (const place of places) results.push({ place, ...(await read(io, place, merging)) });
  const refused = results.map(({ merged }) => tell(io, merged).failed);
  if ((options.check || options.diff) && results.every(({ merged }) => !merged.isFaulty)) return compare(io, results, options);
  if (refused.includes(true)) return exitStatus.no;
  for (const { place, merged: { bytes } } of results) {
    if (results.length > 1) io.stdout.write(`${place === places[0] ? "" : "\n"}# ==> ${visible(place.path)} <==\n`);
    io.stdout.write(bytes);
  }
  return exitStatus.done;
}

/** The file that is given: of the kind that its name says, or else the only one that the targets need, or mailcow.conf. */
function placeOf(into: string, { site, targets: ids }: Merging): Place {
  const path = into === standardInput.device ? standardInput.word : into;
  const needed = filesOf(site, ids);
  const named = mergedFileNamed(basename(path));
  if (named !== undefined && !needed.includes(named)) throw new UsageError(`None of the targets ${ids.join(", ")} sets values in ${mergedFiles[named].names[0]}; choose another one with --target.`);
  const [only = "mailcow.conf", ...others] = needed;
  const id = named ?? (others.length === 0 ? only : needed.find((one) => one === "mailcow.conf"));
  if (id === undefined) throw new UsageError("--into is one file, but these targets need several; choose one target with --target.");
  return { id, path, folder: id === "mailcow.conf" ? undefined : site.mailcow.directory };
}

/** The files of the described mailcow. */
async function ownPlaces(io: Io, { site, targets: ids }: Merging): Promise<Place[]> {
  const { directory } = site.mailcow;
  const places = filesOf(site, ids).map((id) => ({ id, path: join(directory, id), folder: id === "mailcow.conf" ? undefined : directory }));
  for (const { id, path } of places) {
    const isThere = await io.exists(path);
    if (!isThere && mergedFiles[id].mode === undefined) throw new SurroundingsError(`cannot read ${path}: no such file`, { help: "Give the mailcow.conf with --into FILE, or write mailcow.directory in the description." });
    io.stderr.write(isThere ? `Using ${visible(path)}, from mailcow.directory.\n` : `${visible(path)} does not exist yet.\n`);
  }
  return places;
}

/** A file that does not exist yet counts as empty, if mailcow works without it. */
async function read(io: Io, { id, path }: Place, merging: Merging): Promise<{ merged: Merged; isNew: boolean }> {
  const isNew = mergedFiles[id].mode !== undefined && path !== standardInput.word && !(await io.exists(path));
  const bytes = isNew ? new Uint8Array() : await readMerged(io, path, id);
  return { merged: mergedFiles[id].merge(bytes, path, merging), isNew };
}

async function write(io: Io, places: readonly Place[], merging: Merging): Promise<ExitStatus> {
  // Look at all of them before the first one is written. This also checks their sizes.
  const first = [];
  for (const place of places) first.push((await read(io, place, merging)).merged);
  if (places.length > 1 && first.some(isRefused)) {
    for (const merged of first) tell(io, merged);
    return exitStatus.no;
  }
  const next: string[] = [];
  for (const { id, path, folder: above } of places) {
    let merged: Merged | undefined;
    const edited = await io.editFile(path, (before) => {
      merged = mergedFiles[id].merge(before, path, merging);
      return isRefused(merged) ? before : merged.bytes;
    }, mergedFiles[id].mode);
    if (merged !== undefined && tell(io, merged).failed) return exitStatus.no;
    const { backup, isNew } = edited;
    const hasChanged = backup !== undefined || isNew === true;
    io.stdout.write(`${hasChanged ? "written  " : "unchanged"}  ${visible(edited.path)}\n${backup === undefined ? "" : `backup     ${visible(backup)}\n`}`);
    if (hasChanged) next.push(`To make the changes take effect, run in ${visible(above ?? edited.folder)}: ${mergedFiles[id].reload}\n`);
  }
  if (next.length > 0) io.stdout.write(`\n${[...new Set(next)].join("")}`);
  return exitStatus.done;
}

interface Result {
  readonly place: Place;
  readonly merged: Merged;
  readonly isNew: boolean;
}

async function compare(io: Io, results: readonly Result[], { diff }: Pick<Options, "diff">): Promise<ExitStatus> {
  for (const { place: { path }, merged, isNew } of results) {
    const { changes } = merged;
    if (changes.length === 0 && !isRefused(merged)) {
      if (!diff) io.stdout.write(`${visible(path)} is as described\n`);
      continue;
    }
    (diff ? io.stderr : io.stdout).write(`${results.length > 1 ? `${visible(path)}:\n` : ""}${listed(changes)}`);
    if (diff) await printDiff(io, path, merged, isNew);
  }
  return results.every(({ merged }) => merged.changes.length === 0 && !isRefused(merged)) ? exitStatus.done : exitStatus.no;
}

/** One line per key, aligned. */
function listed(changes: readonly ChangedValue[]): string {
  const width = Math.max(...changes.map(({ key }) => key.length));
  const shown = (value: string | undefined) => (value === undefined ? "(absent)" : value === "" ? "(empty)" : visible(value));
  return changes.map(({ key, before, after }) => `${key.padEnd(width)}  ${shown(before)} -> ${shown(after)}\n`).join("");
}
