/** Failed system calls in words. */
import { SurroundingsError } from "../cli/io.ts";
import { SpecialFile } from "./special-file.ts";

/** What could not be done to which path, and why. */
export function failure(action: "read" | "write", path: string, error: unknown): SurroundingsError {
  return new SurroundingsError(`cannot ${action} ${path}: ${reasonOf(error)}`, { cause: error });
}

/** Why a system call failed, in words; what is no failed system call is thrown. */
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
  EEXIST: "a file stands where a folder belongs",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENXIO: "it is a socket, or a device that is not there",
  ELOOP: "it has become a link, or one of its links leads to itself",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};
