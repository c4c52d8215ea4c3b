/**
 * Loads the bundled program with V8's code cache, because compiling takes most of the time of a cold start.
 * build/code-cache.js puts a cache next to the program for the Node that builds it. With another Node, the first run keeps
 * one in the user's folder. Node's own cache (module.enableCompileCache) does not help: Node makes it when a file is
 * loaded, before any function has run, and V8 compiles functions on their first call.
 */
import { readFileSync } from "node:fs";
import NodeModule, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";
import { cacheExtension, readCache } from "./code-cache.ts";
import { keptCache } from "./kept-cache.ts";

type Program = typeof import("../program.ts");

/** A CommonJS module as the function that Node calls. */
type Wrapped = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** @param args the arguments behind the program's name */
export function loadProgram(args: readonly string[]): Program {
  const file = join(import.meta.dirname, "program.cjs");
  const source = readFileSync(file);
  const shipped = readCache(file.replace(/cjs$/, cacheExtension), source);
  const kept = shipped === undefined ? keptCache(args, source) : undefined;
  const cachedData = shipped ?? kept?.data;
  // The bundle is ASCII, so Latin-1 reads it correctly and fast.
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
  // The other files of the program require this one.
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
