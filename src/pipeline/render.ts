/** The way of the data, from sites to files in memory. */
import type { OutputFile } from "../core/output/output-file.ts";
import { type RenderOptions, render } from "../core/output/render.ts";
import type { TargetId } from "../core/output/target-id.ts";
import type { Target } from "../core/output/target.ts";
import type { Site } from "../core/site/site.ts";
import { targetIds, targets } from "../targets/index.ts";

/** A site and the targets that it is rendered for. */
export interface Asked {
  readonly site: Site;
  readonly targets: readonly TargetId[];
}

/** The files of sites that one server of each kind serves, in the order of the targets; what is rendered together at a time. */
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

/** Where files of the same sites may be that were rendered with more or fewer of them, and clash with these. */
export function rivals(asked: readonly Asked[]): string[] {
  return targetIds.flatMap((id) => {
    const target: Target = targets[id];
    const [first, ...others] = asked.filter((one) => one.targets.includes(id)).map(({ site }) => site);
    return first === undefined ? [] : (target.rivals?.([first, ...others]) ?? []);
  });
}
