/** Finds the files that `generate --output` must not overwrite without being told to. */
import { join } from "node:path";
import { origin } from "../core/output/digest.ts";
import { visible } from "../core/visible.ts";
import type { RenderOptions } from "../core/output/render.ts";
import { type Asked, pathsOf } from "../pipeline/render.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** Looks at the files in an output folder before the first one is written. */
export interface EditFinder {
  /** @param below the folder of these files in the output folder: empty, or a hostname with `/` */
  look(asked: readonly Asked[], below: string): Promise<void>;
  /** Reports the files that were edited by hand or are not ours. Returns whether there are any. */
  report(): boolean;
}

/** A finder that looks at nothing when there is no such folder yet. */
export async function editFinder(io: Io, folder: string, options: Pick<RenderOptions, "secrets">): Promise<EditFinder> {
  const found: { readonly path: string; readonly word: string }[] = [];
  const isNew = (await io.list(folder)) === undefined;
  return {
    async look(asked, below) {
      if (isNew) return;
      for (const place of pathsOf(asked, options)) {
        const path = join(folder, below, place);
        const word = await edit(io, path);
        if (word !== undefined) found.push({ path, word });
      }
    },
    report() {
      if (found.length === 0) return false;
      const width = Math.max(...found.map(({ word }) => word.length));
      const them = found.length === 1 ? "this file" : "these files";
      io.stderr.write(found.map(({ path, word }) => `${word.padEnd(width)}  ${visible(path)}\n`).join(""));
      io.stderr.write(
        `mailcow-proxy: Nothing was written, because it would overwrite ${them}.\n` +
          `To see what would be lost, run the command with --diff. To keep edits, put them in the description or in a template (--templates). To replace ${them}, add --overwrite.\n`,
      );
      return true;
    },
  };
}

async function edit(io: Io, path: string): Promise<string | undefined> {
  try {
    const there = await io.find(path);
    if (there === undefined) return undefined;
    const was = origin(there.content, io.sha256);
    return was === undefined ? "not generated" : was.intact ? undefined : "edited by hand";
  } catch (error) {
    // The writer cannot replace it either, and says so.
    if (error instanceof SurroundingsError) return undefined;
    throw error;
  }
}
