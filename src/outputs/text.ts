/** Files as text for people and pipes. */
import type { Groups } from "./output.ts";

/** A single file is printed unchanged; with several, each has a title line before it. */
export async function* textOutput(groups: Groups): AsyncGenerator<string> {
  // Hold each file back until it is known whether another one follows.
  let held: { path: string; content: string } | undefined;
  let several = false;
  for await (const { files } of groups) {
    for (const file of files) {
      if (held !== undefined) {
        yield `${section(held)}\n`;
        several = true;
      }
      held = file;
    }
  }
  if (held !== undefined) yield several ? section(held) : held.content;
}

function section({ path, content }: { path: string; content: string }): string {
  return `# ==> ${path} <==\n${content}`;
}
