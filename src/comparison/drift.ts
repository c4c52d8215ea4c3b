/** How a file on the disk differs from the generated file. */
import { type Sha256, origin } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";

/** A file on the disk. */
export interface FoundFile {
  /** Its content, decoded as UTF-8. */
  readonly content: string;
  /** Whether its owner can execute it. */
  readonly executable: boolean;
}

/** The kinds of differences, in the words that are shown to the user. */
export type Drift =
  | "missing"
  /** The description, the tool or a template has changed, and the file was not edited. */
  | "out of date"
  | "edited by hand"
  | "edited, out of date"
  /** A file that mailcow-proxy has not generated. */
  | "not generated"
  /** Its owner cannot execute it, but should. */
  | "not executable"
  | "executable"
  /** A generated file that is no longer part of the output. */
  | "no longer generated";

/** Undefined when the file is up to date. Of the mode, only the owner's execute permission counts, as in git. */
export function drift(file: Pick<OutputFile, "content" | "mode">, found: FoundFile | undefined, sha256: Sha256): Drift | undefined {
  if (found === undefined) return "missing";
  if (found.content !== file.content) return driftOfContent(file.content, found.content, sha256);
  if (found.executable === isExecutable(file.mode)) return undefined;
  return found.executable ? "executable" : "not executable";
}

function driftOfContent(expected: string, found: string, sha256: Sha256): Drift {
  const was = origin(found, sha256);
  if (was === undefined) return "not generated";
  if (was.intact) return "out of date";
  // Without its digest, it cannot be seen what it was generated from.
  const upToDate = was.digest === undefined || was.digest === origin(expected, sha256)?.digest;
  return upToDate ? "edited by hand" : "edited, out of date";
}

export function isExecutable(mode: string): boolean {
  return (Number.parseInt(mode, 8) & 0o100) !== 0;
}
