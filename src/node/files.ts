/**
 * Reading files and folders. All at once and without waiting: there is nothing else to do meanwhile, and of thousands of
 * files each costs a third of what it would cost through the pool of threads.
 */
import { type Dirent, closeSync, fstatSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Entry } from "../cli/io.ts";
import type { Found } from "../outputs/drift.ts";
import { codeOf, failure } from "./failure.ts";

/**
 * @param most bytes after which reading ends: a device or a pipe may have no end
 * @throws SurroundingsError when the file cannot be read
 */
export function readBytes(cwd: string, path: string, most?: number): Uint8Array {
  try {
    return most === undefined ? readFileSync(resolve(cwd, path)) : readUpTo(resolve(cwd, path), most);
  } catch (error) {
    throw failure("read", path, error);
  }
}

const chunkSize = 64 * 1024;

function readUpTo(path: string, most: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    for (let length = 0, read = -1; read !== 0 && length < most; length += read) {
      const chunk = Buffer.alloc(Math.min(chunkSize, most - length));
      read = readSync(file, chunk);
      chunks.push(chunk.subarray(0, read));
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

/** @throws SurroundingsError when the file is there and cannot be read */
export function findFile(cwd: string, path: string): Found | undefined {
  try {
    return lookUp(resolve(cwd, path));
  } catch (error) {
    throw failure("read", path, error);
  }
}

/** The file at an absolute path; with the errors of the system. */
export function lookUp(path: string): Found | undefined {
  // Asking is cheaper than an exception, and in a new folder no file is there.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const file = openSync(path, "r");
  try {
    return { content: readFileSync(file, "utf8"), executable: (fstatSync(file).mode & 0o100) !== 0 };
  } finally {
    closeSync(file);
  }
}

/** @throws SurroundingsError when the folder is there and cannot be read */
export function listFolder(cwd: string, path: string): Entry[] | undefined {
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

function kindOf(entry: Dirent): Entry["kind"] {
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "folder" : "other";
}
