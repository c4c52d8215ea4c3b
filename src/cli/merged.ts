/** Reads mailcow's files that merge changes, and reports on them. */
import { hidden } from "../core/secrets/mark.ts";
import { bytesOfText } from "../core/mailcow-conf/bytes.ts";
import type { MergedFileId } from "../core/merged/values.ts";
import { type Merged, isRefused, mergedFiles } from "../pipeline/merged-files.ts";
import { show } from "./descriptions.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** @throws SurroundingsError when the file cannot be read or is too large */
export async function readMerged(io: Io, file: string, id: MergedFileId): Promise<Uint8Array> {
  const { limit, names } = mergedFiles[id];
  const bytes = await io.read(file, limit + 1);
  if (bytes.length <= limit) return bytes;
  throw new SurroundingsError(`cannot read ${file}: it is larger than ${limit} bytes, the limit for a ${names[0]}`);
}

/** Reports the problems of a file; `failed` when one of them is an error. */
export function tell(io: Io, merged: Pick<Merged, "diagnostics">): { failed: boolean } {
  if (merged.diagnostics.length > 0) show(io, merged.diagnostics);
  return { failed: isRefused(merged) };
}

/** @param isNew whether there is no such file yet */
export async function printDiff({ stdout, stderr }: Io, path: string, merged: Merged, isNew: boolean): Promise<void> {
  const { before, after } = merged.shown();
  const { unifiedDiff } = await import("../comparison/unified-diff.ts");
  const lines = unifiedDiff({ path, before: isNew ? undefined : before, after, placeholder: hidden });
  stdout.write(bytesOfText(lines));
  if (lines.includes(hidden)) stderr.write(`${hidden} replaces a secret next to a change, so patch and git apply will refuse this diff; use merge --write to make the change\n`);
}
