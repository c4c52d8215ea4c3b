/** Where rendered files go: to standard output or into a folder. */
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

/** As many files as are put in place together: enough to wait for the disk seldom. */
const together = 400;

/** @param count of descriptions */
export async function write(io: Io, groups: Groups, count: number, folder: string): Promise<ExitStatus> {
  // On a terminal the list of files shows how far it is.
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
      // While the disk takes these, the next ones are rendered; what went wrong is thrown when they are ready.
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
