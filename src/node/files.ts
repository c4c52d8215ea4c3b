/** Reading and writing files. */
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SurroundingsError, type Written } from "../cli/io.ts";
import type { OutputFile } from "../core/output-file.ts";

/** @throws SurroundingsError when the file cannot be read */
export async function readBytes(cwd: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (error) {
    throw failure("read", path, error);
  }
}

/**
 * Writes the files that differ. Each is written beside its place and renamed, so that a reader sees the old one or the
 * new one, whole.
 *
 * @throws SurroundingsError at the first file that cannot be written; the ones before it are in place
 */
export async function writeTree(
  cwd: string,
  folder: string,
  files: readonly Pick<OutputFile, "path" | "mode" | "content">[],
): Promise<Written[]> {
  const written: Written[] = [];
  for (const { path, mode, content } of files) {
    const shown = join(folder, path);
    try {
      written.push({ path: shown, changed: await replace(resolve(cwd, shown), content, Number.parseInt(mode, 8)) });
    } catch (error) {
      throw failure("write", shown, error);
    }
  }
  return written;
}

async function replace(path: string, content: string, mode: number): Promise<boolean> {
  if ((await contentOf(path)) === content) return false;
  await makeFolder(dirname(path));
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(content);
      // The name must not come to stand for bytes that a power cut would take.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, mode);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return true;
}

/** Node's own recursive mkdir never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((second: unknown) => {
      // Another run may have been faster.
      if (codeOf(second) !== "EEXIST") throw second;
    });
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A failed system call in words. */
export function failure(action: "read" | "write", path: string, error: unknown): SurroundingsError {
  return new SurroundingsError(`cannot ${action} ${path}: ${reasonOf(error)}`, { cause: error });
}

/** Why a system call failed, in words; what is no failed system call is thrown. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return reasons[code] ?? code;
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EFBIG: "the file would be too large",
  EEXIST: "a file stands where a folder belongs",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};
