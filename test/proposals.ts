/** Makes the edits that a help proposes, and finds what is wrong then. */
import { applyEdits } from "../src/core/yaml/apply-edits.ts";
import type { Diagnostic } from "../src/core/problems/diagnostic.ts";
import type { Edit } from "../src/core/problems/edit.ts";
import { checker } from "../src/pipeline/check.ts";

const diagnosticsOf = (source: string) => checker({ most: Infinity })({ source, file: "-" }).diagnostics;

/** Where a key or value is after the edits. */
function movedBy(edits: readonly Edit[], pointer: string): string {
  return edits.reduce((at, edit) => {
    const below = at === edit.pointer || at.startsWith(`${edit.pointer}/`);
    if (edit.op === "move") return below ? `${edit.to}${at.slice(edit.pointer.length)}` : at;
    const list = edit.pointer.slice(0, edit.pointer.lastIndexOf("/") + 1);
    const [index, own] = [Number(at.slice(list.length).split("/")[0]), Number(edit.pointer.slice(list.length))];
    if (edit.op === "set" || below || !at.startsWith(list) || !(index > own)) return at;
    return `${list}${index - 1}${at.slice(list.length + String(index).length)}`;
  }, pointer);
}

const key = ({ code }: Diagnostic, pointer: string | undefined) => `${code} at ${pointer}`;

/** What is wrong with the description after the edits and was not before, and the diagnostic itself if it is still there. */
export function left(text: string, mended: Diagnostic): string[] {
  const before = diagnosticsOf(text);
  const others = before.filter((diagnostic) => diagnostic.code !== mended.code || diagnostic.pointer !== mended.pointer || diagnostic.message !== mended.message);
  const known = others.map((diagnostic) => key(diagnostic, movedBy(mended.edits, diagnostic.pointer ?? "")));
  return diagnosticsOf(applyEdits(text, mended.edits)).flatMap((diagnostic) => {
    const name = key(diagnostic, diagnostic.pointer);
    const index = known.indexOf(name);
    if (index !== -1) known.splice(index, 1);
    return index !== -1 || (diagnostic.severity !== "error" && diagnostic.code !== mended.code) ? [] : [name];
  });
}
