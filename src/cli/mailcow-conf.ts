/** A mailcow.conf beside what a description needs in it, as it is said to the user: never with a secret. */
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
  throw new SurroundingsError(`cannot read ${file}: a mailcow.conf has at most ${limits.mailcowConf} bytes, and this has more`);
}

export function mergeInto(bytes: Uint8Array, site: Site, options: MergeOptions = {}): MergedFile {
  const conf = readConf(textOfBytes(bytes));
  return { conf, ...merge(conf, site, options) };
}

/** Whether the file must stay as it is. */
export function isRefused({ problems }: Merged): boolean {
  return problems.some(({ code }) => severityOf(code) === "error");
}

/** Says what there is to say about a file, and whether that forbids changing it. */
export function tell(io: Io, file: string, { conf, problems }: MergedFile): { failed: boolean } {
  const diagnostics = diagnose(problems, locator(conf), file);
  if (diagnostics.length > 0) show(io, diagnostics);
  return { failed: diagnostics.some(({ severity }) => severity === "error") };
}

export async function printDiff({ stdout, stderr }: Io, file: string, { conf, text }: MergedFile): Promise<void> {
  const { unifiedDiff } = await import("../comparison/unified-diff.ts");
  const lines = unifiedDiff({ path: file, before: withoutSecrets(conf), after: withoutSecrets(readConf(text)), placeholder: hidden });
  stdout.write(bytesOfText(lines));
  if (lines.includes(hidden)) stderr.write(`${hidden} stands for a secret directly beside a change: patch and git apply will refuse this diff, and merge --write makes the change\n`);
}
