/** `merge`: sets a description's values in a mailcow.conf. */
import { join } from "node:path";
import { bytesOfText } from "../core/mailcow-conf/bytes.ts";
import type { Change, MergeOptions } from "../core/mailcow-conf/merge.ts";
import type { Site } from "../core/site/site.ts";
import { visible } from "../core/visible.ts";
import { reload } from "../targets/mailcow-conf/index.ts";
import { takes } from "./completion/completes.ts";
import { checkOne, defaultDescription, pathsOf, report, standardInput } from "./descriptions.ts";
import { type Command, type ExitStatus, type Io, SurroundingsError, exitStatus } from "./io.ts";
import { type MergedFile, isRefused, mergeInto, printDiff, readMailcowConf, tell } from "./mailcow-conf.ts";
import { once } from "./once.ts";

/** The file's name in mailcow's folder. */
const confName = "mailcow.conf";

interface Options {
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
    "Set the values of a description in a mailcow.conf",
    (command) =>
      command
        .positional("description", takes("files", { type: "string", describe: `Description file, or - for standard input; default: ${defaultDescription}` }))
        .option("into", takes("files", { type: "string", requiresArg: true, coerce: once<string | undefined>("into"), describe: `The mailcow.conf, or - for standard input; default: ${confName} in the description's mailcow.directory` }))
        .option("write", { type: "boolean", default: false, describe: "Change the file and keep a backup next to it, instead of printing the result" })
        .option("check", { type: "boolean", default: false, describe: "Write nothing; list the keys that would change" })
        .option("diff", { type: "boolean", default: false, describe: "Like --check, and print a diff without secrets" })
        .option("remove-entries", { type: "boolean", default: false, describe: "Remove list entries that the description does not have" })
        .option("rename-hostname", { type: "boolean", default: false, describe: "Replace another MAILCOW_HOSTNAME with the description's hostname" })
        .check(({ into, write, check, diff, description }) => fit({ into, write, check, diff }, description))
        .example("mailcow-proxy merge --diff", "show what would change in the mailcow.conf of mailcow.directory")
        .example("mailcow-proxy merge --into /opt/mailcow-dockerized/mailcow.conf --write", "change the file")
        .example("mailcow-proxy merge mail.yaml --into - < mailcow.conf > new.conf", "use it as a filter"),
    (argv) => choose((io) => run(io, argv)),
  );

/** Rejects options that do not work together. */
function fit({ into, write, check, diff }: Pick<Options, "into" | "write" | "check" | "diff">, description: string | undefined): true {
  const fromInput = into === standardInput.device;
  if (write && (check || diff)) throw new Error(`--write changes the file, but ${check ? "--check" : "--diff"} only compares; use one of them.`);
  if (write && fromInput) throw new Error("--write needs a file, but --into is standard input.");
  if (fromInput && description === standardInput.device) throw new Error("The description and --into cannot both be standard input.");
  return true;
}

async function run(io: Io, { description, "--": behind = [], ...options }: Arguments): Promise<ExitStatus> {
  const given = description === undefined ? behind.slice(0, 1).map(String) : [description];
  const [path = defaultDescription] = pathsOf({ descriptions: given });
  const { site, ...said } = await checkOne(io, path, { targets: ["mailcow-conf"] });
  const { failed } = await report(io, [{ site, ...said }], { strict: false, format: "text" });
  if (failed || site === undefined) return exitStatus.no;
  const file = options.into === standardInput.device ? standardInput.word : (options.into ?? (await ownConf(io, site)));
  if (options.write) return write(io, file, site, options);
  const merged = mergeInto(await readMailcowConf(io, file), site, options);
  const { failed: refused } = tell(io, file, merged);
  if ((options.check || options.diff) && merged.conf.faults.length === 0) return compare(io, file, merged, options);
  if (refused) return exitStatus.no;
  io.stdout.write(bytesOfText(merged.text));
  return exitStatus.done;
}

/** The mailcow.conf of the described mailcow. */
async function ownConf(io: Io, { mailcow }: Site): Promise<string> {
  const file = join(mailcow.directory, confName);
  if (!(await io.exists(file))) throw new SurroundingsError(`cannot read ${file}: no such file`, { help: "Give the mailcow.conf with --into FILE, or write mailcow.directory in the description." });
  io.stderr.write(`Using ${visible(file)}, from mailcow.directory.\n`);
  return file;
}

async function write(io: Io, file: string, site: Site, options: MergeOptions): Promise<ExitStatus> {
  // Check its size before the whole file is read.
  await readMailcowConf(io, file);
  let merged: MergedFile | undefined;
  const { path, folder, backup } = await io.editFile(file, (before) => {
    merged = mergeInto(before, site, options);
    return isRefused(merged) ? before : bytesOfText(merged.text);
  });
  if (merged !== undefined && tell(io, file, merged).failed) return exitStatus.no;
  if (backup === undefined) {
    io.stdout.write(`unchanged  ${visible(path)}\n`);
  } else {
    io.stdout.write(`written    ${visible(path)}\nbackup     ${visible(backup)}\n\nTo make the changes take effect, run in ${visible(folder)}: ${reload}\n`);
  }
  return exitStatus.done;
}

async function compare(io: Io, file: string, merged: MergedFile, { diff }: Pick<Options, "diff">): Promise<ExitStatus> {
  const { changes } = merged;
  if (changes.length === 0 && !isRefused(merged)) {
    if (!diff) io.stdout.write(`${visible(file)} is as described\n`);
    return exitStatus.done;
  }
  (diff ? io.stderr : io.stdout).write(listed(changes));
  if (diff) await printDiff(io, file, merged);
  return exitStatus.no;
}

/** One line per key, aligned. */
function listed(changes: readonly Change[]): string {
  const width = Math.max(...changes.map(({ key }) => key.length));
  const shown = (value: string | undefined) => (value === undefined ? "(absent)" : value === "" ? "(empty)" : visible(value));
  return changes.map(({ key, before, after }) => `${key.padEnd(width)}  ${shown(before)} -> ${shown(after)}\n`).join("");
}
