/** Where files of earlier runs may be that no description asks for any more. */
import { basename, join } from "node:path";
import type { TargetId } from "../core/output/target-id.ts";
import type { Io } from "./io.ts";

/** How files lie in a folder: those of one description, in a folder for each hostname, or those for one server. */
export type Layout = "alone" | "apart" | "shared";

export interface LeftoverOptions {
  readonly folder: string;
  readonly layout: Layout;
  /** Files of other targets are another run's. */
  readonly targets: readonly TargetId[];
}

/** The files below an output folder that are named as this run would name them. */
export async function* placesOfOurs(io: Io, expected: ReadonlySet<string>, { folder, layout, targets }: LeftoverOptions): AsyncGenerator<string> {
  if (layout === "apart") {
    for (const { name, kind } of (await io.list(folder)) ?? []) if (kind === "folder") yield* ofTargets(io, join(folder, name), targets);
    return;
  }
  // Other descriptions may have been written to the same folder, one by one.
  const stems = layout === "alone" ? new Set([...expected].map(stem)) : undefined;
  for await (const path of ofTargets(io, folder, targets)) if (stems?.has(stem(path)) ?? true) yield path;
}

async function* ofTargets(io: Io, folder: string, targets: readonly TargetId[]): AsyncGenerator<string> {
  for (const target of targets) {
    for (const { name, kind } of (await io.list(join(folder, target))) ?? []) if (kind === "file" && !name.startsWith(".")) yield join(folder, target, name);
  }
}

/** The name without its ending, which carries the hostname. */
function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, "");
}
