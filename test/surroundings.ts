/** Surroundings that are not there: a test puts in place of them what it is about. */
import type { Io, OutputStream } from "../src/cli/io.ts";
import { sha256 } from "../src/core/output/sha256.ts";

const none = () => Promise.reject(new Error("the test has none of this"));

/** An output that nobody reads. */
export const silent: OutputStream = { write: () => {}, drained: async () => {}, isTerminal: false, columns: undefined };

export const noSurroundings: Omit<Io, "stdout" | "stderr"> = {
  env: {},
  sha256,
  read: none,
  find: async () => undefined,
  list: async () => undefined,
  certificateFacts: none,
  now: () => 0,
  keepMemorySmall: () => {},
  writeTree: () => {
    throw new Error("the test has none of this");
  },
  editFile: none,
  createFile: none,
  exists: none,
  folderOf: none,
  openTerminal: none,
  randomBytes: () => {
    throw new Error("the test has none of this");
  },
  pageFile: none,
  openInBrowser: none,
  serve: none,
  readTemplates: none,
};
