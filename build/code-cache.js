// @ts-check
/**
 * Runs the program once on an example and keeps what V8 compiled on the way beside it, for the Node that runs this: see
 * src/node/load-program.ts.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import NodeModule, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const file = path("dist/program.cjs");
const source = readFileSync(file);
const script = new Script(NodeModule.wrap(source.toString("latin1")), { filename: file });
/** @type {{ exports: Partial<typeof import("../src/program.ts")> }} */
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(file), module);
const { run, processIo, cacheExtension, sealed } = module.exports;
if (run === undefined || processIo === undefined || cacheExtension === undefined || sealed === undefined) throw new Error(`${file} is not the program`);

const silent = { write: () => {}, drained: async () => {}, isTerminal: false, columns: undefined };
const status = await run(["generate", path("examples/minimal.yaml")], { ...processIo(), stdout: silent, stderr: silent });
if (status !== 0) throw new Error(`the program ended with ${status}`);
writeFileSync(file.replace(/cjs$/, cacheExtension), sealed(script.createCachedData(), source));
// npm makes it executable at an installation alone, and a later build takes the file's place.
chmodSync(path("dist/bin.cjs"), 0o755);
