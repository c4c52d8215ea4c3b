/** `--check` and `--diff`: compares the files on the disk with the generated ones. */
import { join } from "node:path";
import { bytesOfText, textOfBytes } from "../core/mailcow-conf/bytes.ts";
import { origin } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { FileHost } from "../core/output/target.ts";
import { withoutSecrets } from "../core/secrets/hide.ts";
import { hidden } from "../core/secrets/mark.ts";
import { type Merging, filesOf, mergedFileAt, mergedFiles } from "../pipeline/merged-files.ts";
import { type Asked, rivals } from "../pipeline/render.ts";
import { visible } from "../core/visible.ts";
import { drift, isExecutable } from "../comparison/drift.ts";
import { lacking } from "../comparison/fragment.ts";
import type { Groups } from "../outputs/output.ts";
import type { FileChange } from "../comparison/unified-diff.ts";
import { serverOf } from "../core/output/target.ts";
import { targets } from "../targets/index.ts";
import { mailcowHost } from "../targets/shared/mailcow-host.ts";
import { type ExitStatus, type Io, exitStatus } from "./io.ts";
import { type LeftoverOptions, placesOfOurs } from "./leftovers.ts";
import { printDiff, readMerged, tell } from "./merged.ts";

interface Options {
  /** Print the diff on standard output, and the list on standard error. */
  readonly diff: boolean;
}

/** Compares with a folder written by `--output`. */
export async function compareOutput(io: Io, groups: Groups, { diff, ...places }: Options & LeftoverOptions): Promise<ExitStatus> {
  const list = listOf(io, diff);
  const expected = new Set<string>();
  for await (const { files } of groups) {
    for (const file of files) {
      const path = join(places.folder, file.path);
      expected.add(path);
      await compareFile(io, list, file, path);
    }
  }
  for await (const path of placesOfOurs(io, expected, places)) {
    const found = expected.has(path) ? undefined : await io.find(path);
    if (found !== undefined && origin(found.content, io.sha256) !== undefined) list.add("no longer generated", path);
  }
  return list.end();
}

/**
 * Compares with the installed files in the file system below `root`.
 *
 * @param options.hosts the hosts whose files are compared
 * @param options.withSecrets whether the files are those with secrets, and no others
 */
export async function compareInstalled(io: Io, groups: Groups, { diff, root, hosts, withSecrets }: Options & { readonly root: string; readonly hosts: readonly FileHost[]; readonly withSecrets: boolean }): Promise<ExitStatus> {
  const list = listOf(io, diff);
  for await (const { asked, files } of groups) {
    for (const file of files) if (file.install === "replaced" && file.installPath !== undefined && hosts.includes(file.host)) await compareFile(io, list, file, join(root, file.installPath));
    for (const file of files) if (isPart(file) && hosts.includes(file.host)) await comparePart(io, list, file, join(root, file.installPath ?? ""));
    for (const { site, targets: ids } of asked) if (!withSecrets && hosts.includes(mailcowHost(site))) await compareMerged(io, list, { site, targets: ids, options: {} }, root);
    for (const place of rivals(asked)) {
      const found = await io.find(join(root, place));
      if (found !== undefined && isOurs(io, found.content, asked)) list.add("no longer generated", join(root, place));
    }
  }
  return list.end();
}

/** Whether the file was generated for one of the sites: its first line names the hostname. */
function isOurs(io: Io, content: string, asked: readonly Asked[]): boolean {
  const [title = ""] = content.split("\n", 1);
  const words = new Set(title.split(" ").map((word) => word.replace(/[.,]$/, "")));
  return origin(content, io.sha256) !== undefined && asked.some(({ site }) => words.has(site.hostname));
}

async function compareFile(io: Io, list: List, file: OutputFile, path: string): Promise<void> {
  const found = await io.find(path);
  const word = drift(file, found, io.sha256);
  list.compared();
  if (word === undefined) return;
  list.add(word, path);
  if (!list.diff) return;
  if (file.isSecret) {
    io.stderr.write(`${visible(path)} has a secret, so its lines are not shown\n`);
    return;
  }
  // A file that was edited by hand may not be in UTF-8.
  const before = found === undefined ? undefined : textOfBytes(await io.read(path));
  const after = textOfBytes(new TextEncoder().encode(file.content));
  const executable = { before: found?.executable ?? false, after: isExecutable(file.mode) };
  await printChange(io, { path, before, after, executable });
  await io.stdout.drained();
}

/** Hides secrets, which someone may have added to a generated file: others may read the printed diff. */
async function printChange({ stdout, stderr }: Io, { before, after, ...file }: FileChange): Promise<void> {
  // Secrets cannot be found in UTF-16 or in binary files.
  if (before?.includes("\0") === true) {
    stderr.write(`${visible(file.path)} is a binary file or in UTF-16, so its lines are not shown\n`);
    return;
  }
  const { unifiedDiff } = await import("../comparison/unified-diff.ts");
  const shown = { before: before === undefined ? undefined : withoutSecrets(before), after: withoutSecrets(after) };
  const lines = unifiedDiff({ ...file, ...shown, placeholder: hidden });
  stdout.write(bytesOfText(lines));
  if (lines.includes(hidden)) stderr.write(`${hidden} replaces a secret in ${visible(file.path)}, so patch and git apply will refuse this diff\n`);
  else if (before !== after && shown.before === shown.after) stderr.write(`${visible(file.path)} differs only in a secret, which is not shown\n`);
}

/** Whether the file is a part of a server's own file, which the administrator has merged; `merge` does that with mailcow's. */
function isPart({ install, target, installPath }: OutputFile): boolean {
  return install === "merged" && installPath !== undefined && serverOf(targets[target]) !== undefined && mergedFileAt(installPath) === undefined;
}

async function comparePart(io: Io, list: List, { content }: OutputFile, path: string): Promise<void> {
  const found = await io.find(path);
  list.compared();
  if (found === undefined) return list.add("missing", path);
  const keys = lacking(content, found.content);
  if (keys === undefined) list.add("invalid", path);
  else if (keys.length > 0) list.add("out of date", `${path}: ${keys.join(", ")}`);
}

/** Compares only what `merge` would set: the real files have more, and secrets. */
async function compareMerged(io: Io, list: List, merging: Merging, root: string): Promise<void> {
  for (const id of filesOf(merging.site, merging.targets)) {
    const path = join(root, merging.site.mailcow.directory, id);
    list.compared();
    if ((await io.find(path)) === undefined) {
      list.add("missing", path);
      continue;
    }
    const merged = mergedFiles[id].merge(await readMerged(io, path, id), path, merging);
    const { failed } = tell(io, merged);
    if (merged.changes.length > 0) list.add("out of date", `${path}: ${merged.changes.map(({ key }) => key).join(", ")}`);
    else if (failed) list.add("invalid", path);
    if (list.diff) await printDiff(io, path, merged, false);
  }
}

/** The list of the files that differ. */
interface List {
  readonly diff: boolean;
  compared(): void;
  /** @param word how it differs */
  add(word: string, path: string): void;
  end(): ExitStatus;
}

/** The widest word of the list, in columns. */
const width = "no longer generated".length;

function listOf({ stdout, stderr }: Io, diff: boolean): List {
  let [compared, differing] = [0, 0];
  return {
    diff,
    compared: () => void compared++,
    add(word, path) {
      differing++;
      (diff ? stderr : stdout).write(`${word.padEnd(width)}  ${visible(path)}\n`);
    },
    end() {
      if (differing > 0) return exitStatus.no;
      if (!diff) stdout.write(`${compared} ${compared === 1 ? "file is" : "files are"} up to date\n`);
      return exitStatus.done;
    },
  };
}
