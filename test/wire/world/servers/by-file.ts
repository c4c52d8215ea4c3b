/** A server's whole configuration as it prints it, file by file. */
import type { Directive } from "../../../lint/rule.ts";

/** @param heading a line before each file, whose first group is the file's path */
export function byFile(text: string, heading: RegExp, parse: (text: string) => Directive[]): Map<string, Directive[]> {
  const [, ...parts] = text.replace(/^(?:AH00558:.*|Syntax OK)$/gm, "").split(heading);
  return new Map(parts.flatMap((path, index) => (index % 2 === 0 ? [[path, parse(parts[index + 1] ?? "")] as const] : [])));
}
