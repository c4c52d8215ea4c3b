/** Words for failed system calls. */
import { SurroundingsError } from "../cli/io.ts";
import { SpecialFile } from "./special-file.ts";

/** The error of a file that cannot be read or written. */
export function failure(action: "read" | "write", path: string, error: unknown): SurroundingsError {
  return new SurroundingsError(`cannot ${action} ${path}: ${reasonOf(error)}`, { cause: error });
}

/** Why a system call failed, in words. Other errors are thrown again. */
export function reasonOf(error: unknown): string {
  if (error instanceof SpecialFile) return error.message;
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
  EEXIST: "there is a file where a folder should be",
  EISDIR: "it is a folder",
  ENOENT: "no such file",
  ENOSPC: "the disk is full",
  ENXIO: "it is a socket or a missing device",
  ELOOP: "it was replaced by a symbolic link, or a symbolic link in its path leads to itself",
  ENOTDIR: "part of its path is not a folder",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};
