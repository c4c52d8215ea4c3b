/** Files as text for people and pipes. */
import type { Groups } from "./output.ts";

/** One file is its own bytes; several are told apart by a line before each. */
export async function* textOutput(groups: Groups): AsyncGenerator<string> {
  // Whether it is the only one shows when the next one comes.
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
