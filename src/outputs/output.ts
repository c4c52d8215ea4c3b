/** What becomes of files on standard output. */
import type { Sha256 } from "../core/output/digest.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { Asked } from "../pipeline/render.ts";

/** What is rendered together. */
export interface Group {
  /** The descriptions that are done with it. */
  readonly asked: readonly Asked[];
  readonly files: readonly OutputFile[];
}

/** One after the other, so that no more than one of them is in memory. */
export type Groups = AsyncIterable<Group>;

/** A document, piece by piece. */
export type Output = (groups: Groups, sha256: Sha256) => AsyncIterable<string | Uint8Array>;
