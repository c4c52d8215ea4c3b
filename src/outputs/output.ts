/** The interface of outputs, which print files on standard output. */
import type { Sha256 } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { Asked } from "../pipeline/render.ts";

/** Files that are rendered together. */
export interface Group {
  /** The descriptions that are complete with these files. */
  readonly asked: readonly Asked[];
  readonly files: readonly OutputFile[];
}

/** Groups one after the other, so that only one is in memory. */
export type Groups = AsyncIterable<Group>;

/** Writes a document piece by piece. */
export type Output = (groups: Groups, sha256: Sha256) => AsyncIterable<string | Uint8Array>;
