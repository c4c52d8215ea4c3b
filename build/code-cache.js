// @ts-check
/**
 * Runs the program once on an example and keeps what V8 compiled on the way in dist/program.cache, for the Node that
 * runs this: see src/node/load-program.ts.
 */
import { createHash } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import NodeModule, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const file = fileURLToPath(new URL("../dist/program.cjs", import.meta.url));
const script = new Script(NodeModule.wrap(readFileSync(file, "latin1")), { filename: file });
/** @type {{ exports: Partial<typeof import("../src/program.ts")> }} */
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(file), module);

const silent = { write: () => {}, drained: async () => {}, isTerminal: false, columns: undefined };
const status = await module.exports.run?.(["generate"], {
  stdout: silent,
  stderr: silent,
  env: {},
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
  read: async () => readFileSync(new URL("../examples/minimal.yaml", import.meta.url)),
  certificateFacts: () => Promise.reject(new Error("no certificate is looked at")),
  now: () => 0,
  keepMemorySmall: () => {},
  find: async () => undefined,
  list: async () => undefined,
  writeTree: () => {
    throw new Error("no file is made");
  },
  editFile: () => Promise.reject(new Error("no file is changed")),
  createFile: () => Promise.reject(new Error("no file is made")),
  exists: async () => false,
  folderOf: async () => "/",
  openTerminal: async () => undefined,
  readTemplates: async () => ({}),
});
if (status !== 0) throw new Error(`the program ended with ${status}`);
writeFileSync(file.replace(/cjs$/, "cache"), script.createCachedData());
// npm makes it executable at an installation alone, and a later build takes the file's place.
chmodSync(file.replace(/program\.cjs$/, "bin.js"), 0o755);
