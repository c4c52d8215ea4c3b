/** The test cases on disk. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const snapshots = join(root, "test/__snapshots__");

export interface Case {
  /** File name without its ending. */
  readonly name: string;
  /** Path from the project's folder, as diagnostics show it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The descriptions in `test/cases/<kind>/`, by name. */
export function cases(kind: "ok" | "err"): Case[] {
  return casesIn(`test/cases/${kind}`);
}

/** The descriptions for one server in each folder of `test/cases/shared/`, by name. */
export function sharedCases(): { readonly name: string; readonly descriptions: readonly Case[] }[] {
  return readdirSync(join(root, "test/cases/shared")).toSorted().map((name) => ({ name, descriptions: casesIn(`test/cases/shared/${name}`) }));
}

function casesIn(folder: string): Case[] {
  return readdirSync(join(root, folder))
    .toSorted()
    .map((entry) => ({ name: entry.replace(/\.yaml$/, ""), file: `${folder}/${entry}`, bytes: readFileSync(join(root, folder, entry)) }));
}

/** Every file below a folder, as paths from it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
