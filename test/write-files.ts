/** A tree of files on a real disk, in one batch. */
import type { TreeWriter, Written } from "../src/cli/io.ts";
import { writeTree } from "../src/node/write-tree.ts";

export async function writeFiles(cwd: string, folder: string, files: Parameters<TreeWriter["add"]>[0]): Promise<Written[]> {
  const tree = writeTree(cwd, folder);
  try {
    tree.add(files);
    return await tree.commit();
  } finally {
    tree.discard();
  }
}
