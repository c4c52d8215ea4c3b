/** Problems with mailcow.conf as diagnostics: at their line, and without a secret in it. */
import type { Diagnostic } from "../diagnostic.ts";
import type { Location } from "../locate.ts";
import { describe } from "../message.ts";
import type { Problem } from "../problem.ts";
import { readable } from "./bytes.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Conf } from "./statements.ts";

/** A problem whose place is in the text. */
export type ConfProblem = Problem & { readonly place: { readonly offset: number; readonly end?: number } };

/** Where a place in the text is, in lines and columns of what is shown. */
export type Locate = (place: ConfProblem["place"]) => Location;

export function locator(conf: Conf): Locate {
  let shown: string[] | undefined;
  return ({ offset, end = offset + 1 }) => {
    shown ??= withoutSecrets(conf).split("\n");
    const line = conf.text.slice(0, offset).split("\n").length;
    const lineStart = conf.text.lastIndexOf("\n", offset - 1) + 1;
    const source = (shown[line - 1] ?? "").replace(/\r$/, "");
    const before = Math.min(offset - lineStart, source.length);
    return { line, column: columns(source.slice(0, before)) + 1, length: Math.max(1, columns(source.slice(before, end - lineStart))), source: readable(source) };
  };
}

/** @param file the file's name in diagnostics */
export function diagnose(problems: readonly ConfProblem[], locate: Locate, file: string): Diagnostic[] {
  return problems
    .toSorted((left, right) => left.place.offset - right.place.offset)
    .map((problem) => {
      const { severity, message, help } = describe(problem);
      return { code: problem.code, severity, file, ...locate(problem.place), pointer: undefined, message, help };
    });
}

/** Code points. */
function columns(text: string): number {
  return Array.from(readable(text)).length;
}
