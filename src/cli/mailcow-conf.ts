/** Compares a mailcow.conf with a description and shows the result, without secrets. */
import { limits } from "../core/limits.ts";
import { bytesOfText, textOfBytes } from "../core/mailcow-conf/bytes.ts";
import { diagnose, locator } from "../core/mailcow-conf/diagnose.ts";
import { type MergeOptions, type Merged, merge } from "../core/mailcow-conf/merge.ts";
import { withoutSecrets } from "../core/mailcow-conf/secrets.ts";
import { type Conf, readConf } from "../core/mailcow-conf/statements.ts";
import { severityOf } from "../core/problems/message.ts";
import { hidden } from "../core/secrets/mark.ts";
import type { Site } from "../core/site/site.ts";
import { show } from "./descriptions.ts";
import { type Io, SurroundingsError } from "./io.ts";

export interface MergedFile extends Merged {
  readonly conf: Conf;
}

/** @throws SurroundingsError when the file cannot be read or is too large */
export async function readMailcowConf(io: Io, file: string): Promise<Uint8Array> {
  const bytes = await io.read(file, limits.mailcowConf + 1);
  if (bytes.length <= limits.mailcowConf) return bytes;
  throw new SurroundingsError(`cannot read ${file}: it is larger than ${limits.mailcowConf} bytes, the limit for a mailcow.conf`);
}

export function mergeInto(bytes: Uint8Array, site: Site, options: MergeOptions = {}): MergedFile {
  const conf = readConf(textOfBytes(bytes));
  return { conf, ...merge(conf, site, options) };
}

/** Whether merge must leave the file unchanged. */
export function isRefused({ problems }: Merged): boolean {
  return problems.some(({ code }) => severityOf(code) === "error");
}

/** Reports the problems of a file; `failed` when one of them is an error. */
export function tell(io: Io, file: string, { conf, problems }: MergedFile): { failed: boolean } {
  const diagnostics = diagnose(problems, locator(conf), file);
  if (diagnostics.length > 0) show(io, diagnostics);
  return { failed: diagnostics.some(({ severity }) => severity === "error") };
}

export async function printDiff({ stdout, stderr }: Io, file: string, { conf, text }: MergedFile): Promise<void> {
  const { unifiedDiff } = await import("../comparison/unified-diff.ts");
  const lines = unifiedDiff({ path: file, before: withoutSecrets(conf), after: withoutSecrets(readConf(text)), placeholder: hidden });
  stdout.write(bytesOfText(lines));
  if (lines.includes(hidden)) stderr.write(`${hidden} replaces a secret next to a change, so patch and git apply will refuse this diff; use merge --write to make the change\n`);
}
