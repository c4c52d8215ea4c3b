/** Renders sites to files in memory. */
import type { OutputFile } from "../core/output/output-file.ts";
import { type RenderOptions, filesOf, pathOf, render } from "../core/output/render.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Sites, Target } from "../core/output/target.ts";
import type { Site } from "../core/site/site.ts";
import { targetIds, targets } from "../targets/index.ts";

/** A site and the requested targets. */
export interface Asked {
  readonly site: Site;
  readonly targets: readonly TargetId[];
}

/** Renders sites for one server of each kind, in the order of the targets. Yields the files that are rendered together. */
export function* renderEach(asked: readonly Asked[], options: RenderOptions): Generator<OutputFile[]> {
  for (const { target, sites } of outputsOf(asked)) yield render(target, sites, options);
}

/**
 * The paths of the files that `renderEach` renders with a digest. Other files cannot show whether they were edited.
 */
export function* pathsOf(asked: readonly Asked[], options: Pick<RenderOptions, "secrets">): Generator<string> {
  for (const { target, sites } of outputsOf(asked)) {
    for (const file of filesOf(target, sites, options)) if (file.comment !== undefined) yield pathOf(target, file);
  }
}

/** The sites that are rendered together, for each target. */
function* outputsOf(asked: readonly Asked[]): Generator<{ readonly target: Target; readonly sites: Sites }> {
  for (const id of targetIds) {
    const target = targets[id];
    const [first, ...others] = asked.filter((one) => one.targets.includes(id)).map(({ site }) => site);
    if (first === undefined) continue;
    if (target.several === "together") yield { target, sites: [first, ...others] };
    else for (const site of [first, ...others]) yield { target, sites: [site] };
  }
}

export function renderAll(asked: readonly Asked[], options: RenderOptions): OutputFile[] {
  return [...renderEach(asked, options)].flat();
}

/** Paths of conflicting files, left by a run with a different set of sites. */
export function rivals(asked: readonly Asked[]): string[] {
  return targetIds.flatMap((id) => {
    const target: Target = targets[id];
    const [first, ...others] = asked.filter((one) => one.targets.includes(id)).map(({ site }) => site);
    return first === undefined ? [] : (target.rivals?.([first, ...others]) ?? []);
  });
}
