/** Prints generated files or writes them to a folder. */
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

/** Number of files that are put in place together; large enough that waiting for the disk costs little. */
const together = 400;

/** @param count the number of descriptions */
export async function write(io: Io, groups: Groups, count: number, folder: string): Promise<ExitStatus> {
  // On a terminal, the list of files already shows the progress.
  const line = progress(io, "Writing", io.stdout.isTerminal ? 0 : count);
  const tree = io.writeTree(folder);
  const commit = async (done: number) => {
    const written = await tree.commit();
    io.stdout.write(written.map(({ path, changed }) => `${changed ? "written  " : "unchanged"}  ${visible(path)}\n`).join(""));
    line.show(done);
    await io.stdout.drained();
  };
  let added = 0;
  let done = 0;
  let committing = Promise.resolve();
  try {
    for await (const { asked, files } of groups) {
      tree.add(files);
      added += files.length;
      done += asked.length;
      if (added < together) continue;
      await committing;
      committing = commit(done);
      // The next files are rendered while the disk writes these. An error is thrown at the next await.
      committing.catch(() => {});
      added = 0;
    }
    await committing;
    await commit(done);
  } finally {
    await Promise.allSettled([committing]);
    tree.discard();
  }
  line.clear();
  return exitStatus.done;
}
