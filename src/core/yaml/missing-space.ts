/** Finds keys and list entries without the space that YAML needs after the colon or hyphen. */
import { textOf } from "../description/explain.ts";
import type { Problem } from "../problems/problem.ts";

/** A longer line is something else. */
const longest = 1000;

/** @param offset a place in the line */
export function missingSpace(text: string, offset: number): Problem | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = /^[^\r\n]*/.exec(text.slice(start))?.[0] ?? "";
  // A key of a description: `https://…` is none, and `12:30` is a time.
  const [, indent = "", before = "", after] = /^( *)((?:- +)?[a-z_]+:|-)(?=[^\s:/-])(.*)$/.exec(line) ?? [];
  if (after === undefined || line.length > longest) return undefined;
  const at = start + indent.length;
  const above = text.slice(0, start).trimEnd();
  // An entry stands below another one, or below its key.
  const [lineAbove = ""] = above.slice(above.lastIndexOf("\n") + 1).trimStart().split(" #");
  const inList = lineAbove.startsWith("- ") || lineAbove.trimEnd().endsWith(":");
  return { code: "yaml-space", arguments: { after: before === "-" ? "-" : ":", instead: textOf(`${before} ${after.trimEnd()}`), inList }, place: { offset: at, end: start + line.trimEnd().length } };
}
