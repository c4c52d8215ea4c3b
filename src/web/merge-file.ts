/** What merging does to one of mailcow's files, as the page shows it. It comes with the tools. */
import { unifiedDiff } from "../comparison/unified-diff.ts";
import { readable } from "../core/mailcow-conf/bytes.ts";
import type { MergeOptions } from "../core/mailcow-conf/merge.ts";
import type { ChangedValue, MergedFileId } from "../core/merged/values.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { hidden } from "../core/secrets/mark.ts";
import type { Site } from "../core/site/site.ts";
import { filesOf, isRefused, mergedFiles, mergingOf } from "../pipeline/merged-files.ts";
import { targetIds, targets } from "../targets/index.ts";

export interface ToMerge {
  readonly id: MergedFileId;
  readonly bytes: Uint8Array;
  readonly options: MergeOptions;
}

export interface MergeResult {
  /** The new file; undefined when there is an error. */
  readonly bytes: Uint8Array | undefined;
  /** The new file for people, without secrets. */
  readonly shown: string;
  /** The difference, without secrets; empty when nothing changes. */
  readonly diff: string;
  readonly changes: readonly ChangedValue[];
  readonly diagnostics: readonly Diagnostic[];
  /** What makes the changes take effect. */
  readonly commands: readonly string[];
  /** When none of the description's targets sets values in the file: the titles of those that would. */
  readonly unneeded: readonly string[] | undefined;
}

/** @param own the description's targets */
export function mergeFile(site: Site, own: readonly TargetId[], { id, bytes, options }: ToMerge): MergeResult {
  const asked = mergingOf(["mailcow-conf", ...own]);
  const { reload, names: [name] } = mergedFiles[id];
  const merged = mergedFiles[id].merge(bytes, name, { site, targets: asked, options });
  const { before, after } = merged.shown();
  const unneeded = filesOf(site, asked).includes(id) ? undefined : targetIds.filter((target) => filesOf(site, [target]).includes(id)).map((target) => targets[target].title);
  return {
    bytes: isRefused(merged) ? undefined : merged.bytes,
    shown: readable(after),
    diff: readable(unifiedDiff({ path: id, before, after, placeholder: hidden })),
    changes: merged.changes,
    diagnostics: merged.diagnostics,
    commands: [`cd ${site.mailcow.directory}`, reload],
    unneeded,
  };
}
