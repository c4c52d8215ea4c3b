/**
 * Reads files and folders, synchronously: there is nothing else to do meanwhile, and with thousands of files each takes a
 * third of the time that it takes in the thread pool.
 */
import { type Dirent, closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type FolderEntry, SurroundingsError } from "../cli/io.ts";
import type { FoundFile } from "../comparison/drift.ts";
import { codeOf, failure, reasonOf } from "./failure.ts";
import { readSpecial } from "./read-special.ts";
import { SpecialFile, refuseSpecial, withoutWaiting } from "./special-file.ts";

/**
 * Reads a file. It waits for input only on files that are already open, such as `/dev/stdin` or a shell's `<(…)`.
 *
 * @param most the bytes after which reading stops, because devices and pipes may have no end; without it, only regular files are read
 * @throws SurroundingsError when the file cannot be read
 */
export function readBytes(cwd: string, path: string, most?: number): Uint8Array {
  const place = resolve(cwd, path);
  try {
    return isOpenHere(place) ? readOpen(place, most) : readNamed(place, most);
  } catch (error) {
    if (!(error instanceof SpecialFile) || most === undefined) throw failure("read", path, error);
    const help = "To read the output of a program, pipe it to standard input and use - as the file.";
    throw new SurroundingsError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error, help });
  }
}

function isOpenHere(path: string): boolean {
  return /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path);
}

function readOpen(path: string, most: number | undefined): Uint8Array {
  const file = openSync(path, "r");
  try {
    return most === undefined ? readFileSync(file) : readUpTo(file, most);
  } finally {
    closeSync(file);
  }
}

function readNamed(path: string, most: number | undefined): Uint8Array {
  const file = openSync(path, withoutWaiting);
  try {
    const stats = fstatSync(file);
    if (most === undefined) refuseSpecial(stats);
    else if (!stats.isFile() && !stats.isDirectory()) return readSpecial(file, stats, most);
    return most === undefined ? readFileSync(file) : readUpTo(file, most);
  } finally {
    closeSync(file);
  }
}

const chunkSize = 64 * 1024;

function readUpTo(file: number, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let length = 0, read = -1; read !== 0 && length < most; length += read) {
    const chunk = Buffer.alloc(Math.min(chunkSize, most - length));
    read = readSync(file, chunk);
    chunks.push(chunk.subarray(0, read));
  }
  return Buffer.concat(chunks);
}

/** @throws SurroundingsError when the file exists but cannot be read */
export function findFile(cwd: string, path: string): FoundFile | undefined {
  try {
    return lookUp(resolve(cwd, path));
  } catch (error) {
    throw failure("read", path, error);
  }
}

/** The regular file at an absolute path; undefined when there is none. Throws the system's errors. */
export function lookUp(path: string): FoundFile | undefined {
  // A stat is cheaper than an exception, and in a new folder every file is missing.
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return undefined;
  refuseSpecial(there);
  const file = openSync(path, withoutWaiting);
  try {
    const stats = fstatSync(file);
    refuseSpecial(stats);
    return { content: readFileSync(file, "utf8"), executable: (stats.mode & 0o100) !== 0 };
  } finally {
    closeSync(file);
  }
}

/** @throws SurroundingsError when the folder exists but cannot be read */
export function listFolder(cwd: string, path: string): FolderEntry[] | undefined {
  try {
    return readdirSync(resolve(cwd, path), { withFileTypes: true })
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw failure("read", path, error);
  }
}

function kindOf(entry: Dirent): FolderEntry["kind"] {
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "folder" : "other";
}
