/** Renders sites to files in memory. */
import type { OutputFile } from "../core/output/output-file.ts";
import { type RenderOptions, render } from "../core/output/render.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Target } from "../core/output/target.ts";
import type { Site } from "../core/site/site.ts";
import { targetIds, targets } from "../targets/index.ts";

/** A site and the requested targets. */
export interface Asked {
  readonly site: Site;
  readonly targets: readonly TargetId[];
}

/** Renders sites for one server of each kind, in the order of the targets. Yields the files that are rendered together. */
export function* renderEach(asked: readonly Asked[], options: RenderOptions): Generator<OutputFile[]> {
  for (const id of targetIds) {
    const target = targets[id];
    const [first, ...others] = asked.filter((one) => one.targets.includes(id)).map(({ site }) => site);
    if (first === undefined) continue;
    if (target.several === "together") yield render(target, [first, ...others], options);
    else for (const site of [first, ...others]) yield render(target, [site], options);
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
