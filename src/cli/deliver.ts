/** Where rendered files go: to standard output or into a folder. */
import type { OutputFile } from "../core/output-file.ts";
import { visible } from "../core/visible.ts";
import { type FileFormat, outputs } from "../outputs/index.ts";
import type { Groups } from "../outputs/output.ts";
import { type ExitStatus, type Io, exitStatus } from "./io.ts";
import { progress } from "./progress.ts";

export async function print({ stdout, sha256 }: Io, groups: Groups, format: FileFormat): Promise<ExitStatus> {
  for await (const piece of outputs[format](groups, sha256)) {
    stdout.write(piece);
    await stdout.drained();
  }
  return exitStatus.done;
}

/** As many files as are written together: few enough to hold, and enough to wait for the disk seldom. */
const together = 400;

/** @param count of groups */
export async function write(io: Io, groups: Groups, count: number, folder: string): Promise<ExitStatus> {
  // On a terminal the list of files shows how far it is.
  const line = progress(io, "Writing", io.stdout.isTerminal ? 0 : count);
  const flush = async (files: readonly OutputFile[], done: number) => {
    const written = await io.writeTree(folder, files);
    io.stdout.write(written.map(({ path, changed }) => `${changed ? "written  " : "unchanged"}  ${visible(path)}\n`).join(""));
    line.show(done);
    await io.stdout.drained();
  };
  let files: OutputFile[] = [];
  let done = 0;
  let flushing = Promise.resolve();
  for await (const group of groups) {
    files.push(...group.files);
    done++;
    if (files.length < together) continue;
    await flushing;
    flushing = flush(files, done);
    // While the disk takes these, the next ones are rendered; what went wrong is thrown when they are ready.
    flushing.catch(() => {});
    files = [];
  }
  await flushing;
  await flush(files, done);
  line.clear();
  return exitStatus.done;
}
