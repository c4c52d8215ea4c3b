/**
 * Loads the bundled program with what V8 made of it before: most of the time a cold start takes goes into compiling.
 * build/code-cache.js leaves a cache beside the program, for the Node that ran it. For another Node the first run leaves
 * one in the user's folder. Node's own cache (module.enableCompileCache) is no help here: it is made when a file is
 * loaded, before any of its functions has run, and V8 compiles these at their first call.
 */
import { readFileSync } from "node:fs";
import NodeModule, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { cacheExtension, readCache } from "./code-cache.ts";
import { keptCache } from "./kept-cache.ts";

type Program = typeof import("../program.ts");

/** What Node hands to a CommonJS module. */
type Wrapped = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** @param args the arguments behind the program's name */
export function loadProgram(args: readonly string[]): Program {
  const file = join(import.meta.dirname, "program.cjs");
  const source = readFileSync(file);
  const shipped = readCache(file.replace(/cjs$/, cacheExtension), source);
  const kept = shipped === undefined ? keptCache(args, source) : undefined;
  const cachedData = shipped ?? kept?.data;
  // The bundle is ASCII, so its bytes are its characters.
  const script = new Script(NodeModule.wrap(source.toString("latin1")), { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected === true) kept?.keepOf(script);
  const program: unknown = run(script, file);
  if (!isProgram(program)) throw new Error(`${file} is not the program`);
  return program;
}

function run(script: Script, file: string): object {
  const wrapped: unknown = script.runInThisContext();
  if (!isWrapped(wrapped)) throw new Error(`${file} is not a module`);
  const module = new NodeModule(file);
  const require = createRequire(file);
  // The other files of the program ask for this one.
  require.cache[file] = module;
  wrapped(module.exports, require, module, file, dirname(file));
  module.loaded = true;
  return module.exports;
}

function isWrapped(value: unknown): value is Wrapped {
  return typeof value === "function";
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "run" in value && "processIo" in value;
}
