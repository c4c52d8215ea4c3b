/** How a file on the disk differs from what its description gives. */
import { type Sha256, origin } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";

/** A file as it is on the disk. */
export interface FoundFile {
  /** Its bytes read as UTF-8. */
  readonly content: string;
  /** Whether its owner may run it. */
  readonly executable: boolean;
}

/** In the words of the list. */
export type Drift =
  | "missing"
  /** The description has changed, or the tool, or a template; nobody has touched the file. */
  | "out of date"
  | "edited by hand"
  | "edited, out of date"
  /** Another file stands there. */
  | "not generated"
  /** Its owner cannot run it. */
  | "not executable"
  | "executable"
  /** A file of ours that no description asks for any more. */
  | "no longer generated";

/** Undefined for a file that is as it should be; of the modes only the owner's permission to run counts, as for git. */
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
  // Without its digest nothing tells what it was generated from.
  const upToDate = was.digest === undefined || was.digest === origin(expected, sha256)?.digest;
  return upToDate ? "edited by hand" : "edited, out of date";
}

export function isExecutable(mode: string): boolean {
  return (Number.parseInt(mode, 8) & 0o100) !== 0;
}
