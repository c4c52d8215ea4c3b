/** The functions of the library that read and change a mailcow.conf. */
import { unifiedDiff } from "./comparison/unified-diff.ts";
import { shortDescription } from "./core/description/short-description.ts";
import { limits } from "./core/limits.ts";
import { bytesOfText, readable, textOfBytes } from "./core/mailcow-conf/bytes.ts";
import { diagnose, locator } from "./core/mailcow-conf/diagnose.ts";
import { type MergeOptions, merge } from "./core/mailcow-conf/merge.ts";
import type { MergedChange } from "./core/merged/values.ts";
import { withoutSecrets } from "./core/mailcow-conf/secrets.ts";
import { readConf } from "./core/mailcow-conf/statements.ts";
import { takeOver } from "./core/mailcow-conf/take-over.ts";
import type { Diagnostic } from "./core/problems/diagnostic.ts";
import { hidden } from "./core/secrets/mark.ts";
import { checker } from "./pipeline/check.ts";
import { checkDraft, completed } from "./pipeline/check-draft.ts";

const defaultFile = "mailcow.conf";

export interface ConfDescription {
  /** YAML with the keys that the file sets; undefined when one of the diagnostics is an error. */
  readonly description: string | undefined;
  /** About the lines of the file, in their order. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Describes the installation that a mailcow.conf belongs to. No value of the description is a secret.
 *
 * @param conf the file's bytes, at most 512 KiB
 * @throws RangeError when it is larger
 */
export function describeMailcowConf(conf: Uint8Array): ConfDescription {
  const { draft, diagnostics } = takeOver(read(conf), { check: checkDraft, file: defaultFile, folder: undefined, hostname: undefined });
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { description: failed ? undefined : shortDescription(completed(draft)), diagnostics };
}

export interface MergedConf {
  /** The file with the description's values; undefined when one of the diagnostics is an error. */
  readonly bytes: Uint8Array | undefined;
  /** Without secrets, in the order of mailcow's own file. */
  readonly changes: readonly MergedChange[];
  /** The difference in unified form, without secrets; empty when nothing changes. */
  readonly diff: string;
  /** About the lines of the file or, when the description has an error, about those of the description. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Sets a description's values in a mailcow.conf, and leaves every other byte unchanged.
 *
 * @param source the description, as for `generate`
 * @param conf the file's bytes, at most 512 KiB
 * @throws RangeError when it is larger
 */
export function mergeMailcowConf(source: string | Uint8Array, conf: Uint8Array, options: MergeOptions = {}): MergedConf {
  const before = read(conf);
  const { site, diagnostics } = checker({ targets: ["mailcow-conf"] })({ source, file: "mailcow-proxy.yaml" });
  if (site === undefined) return { bytes: undefined, changes: [], diff: "", diagnostics };
  const { text, changes, problems } = merge(before, site, options);
  const found = diagnose(problems, locator(before), defaultFile);
  const failed = found.some(({ severity }) => severity === "error");
  const diff = unifiedDiff({ path: defaultFile, before: withoutSecrets(before), after: withoutSecrets(readConf(text)), placeholder: hidden });
  return { bytes: failed ? undefined : bytesOfText(text), changes, diff: readable(diff), diagnostics: found };
}

function read(bytes: Uint8Array) {
  if (bytes.length > limits.mailcowConf) throw new RangeError(`a mailcow.conf has at most ${limits.mailcowConf} bytes, and this file has ${bytes.length}`);
  return readConf(textOfBytes(bytes));
}
