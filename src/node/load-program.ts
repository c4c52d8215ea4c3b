/**
 * Loads the bundled program with the code cache that build/code-cache.js leaves beside it: most of the time a cold
 * start takes goes into compiling. V8 refuses a cache of another version of itself, and compiles then.
 */
import { readFileSync } from "node:fs";
import NodeModule, { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

type Program = typeof import("../program.ts");

/** What Node hands to a CommonJS module. */
type Module = (exports: object, require: NodeJS.Require, module: { exports: object }, file: string, folder: string) => void;

export function loadProgram(): Program {
  const file = fileURLToPath(new URL("program.cjs", import.meta.url));
  const module: { exports: Partial<Program> } = { exports: {} };
  moduleOf(compile(file))(module.exports, createRequire(file), module, file, dirname(file));
  const { run, processIo } = module.exports;
  if (run === undefined || processIo === undefined) throw new Error(`${file} is not the program`);
  return { run, processIo };
}

/** The program as V8 compiles it; the bundle is ASCII, so its bytes are its characters. */
function compile(file: string): Script {
  const cachedData = readIfThere(file.replace(/cjs$/, "cache"));
  return new Script(NodeModule.wrap(readFileSync(file, "latin1")), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

function moduleOf(script: Script): Module {
  const module: unknown = script.runInThisContext();
  if (!isModule(module)) throw new Error("the program is not a module");
  return module;
}

function isModule(value: unknown): value is Module {
  return typeof value === "function";
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    // Without a cache the program only starts slower.
    return undefined;
  }
}
