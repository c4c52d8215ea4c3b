/** Surroundings that are not there: a test puts in place of them what it is about. */
import type { Io } from "../src/cli/io.ts";

const none = () => Promise.reject(new Error("the test has none of this"));

export const noSurroundings: Omit<Io, "stdout" | "stderr"> = {
  env: {},
  read: none,
  certificateFacts: none,
  now: () => 0,
  writeTree: none,
  editFile: none,
  createFile: none,
  exists: none,
  folderOf: none,
  openTerminal: none,
  readTemplates: none,
};
