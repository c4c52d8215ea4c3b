/** Finds files of earlier runs that may no longer be generated. */
import { basename, join } from "node:path";
import type { TargetId } from "../core/output/target-id.ts";
import type { Io } from "./io.ts";

/** How files are arranged in a folder: those of one description, one folder per hostname, or those for one server. */
export type Layout = "alone" | "apart" | "shared";

export interface LeftoverOptions {
  readonly folder: string;
  readonly layout: Layout;
  /** Files of other targets belong to other runs. */
  readonly targets: readonly TargetId[];
}

/** The files in an output folder whose names fit this run. */
export async function* placesOfOurs(io: Io, expected: ReadonlySet<string>, { folder, layout, targets }: LeftoverOptions): AsyncGenerator<string> {
  if (layout === "apart") {
    for (const { name, kind } of (await io.list(folder)) ?? []) if (kind === "folder") yield* ofTargets(io, join(folder, name), targets);
    return;
  }
  // Runs with other descriptions may have written to the same folder.
  const stems = layout === "alone" ? new Set([...expected].map(stem)) : undefined;
  for await (const path of ofTargets(io, folder, targets)) if (stems?.has(stem(path)) ?? true) yield path;
}

async function* ofTargets(io: Io, folder: string, targets: readonly TargetId[]): AsyncGenerator<string> {
  for (const target of targets) {
    for (const { name, kind } of (await io.list(join(folder, target))) ?? []) if (kind === "file" && !name.startsWith(".")) yield join(folder, target, name);
  }
}

/** The file name without its extension; it contains the hostname. */
function stem(path: string): string {
  return basename(path).replace(/\.[^.]*$/, "");
}
