/** Problems with mailcow.conf as diagnostics: at their line, and without a secret in it. */
import type { Diagnostic } from "../diagnostic.ts";
import { describe } from "../message.ts";
import type { Problem } from "../problem.ts";
import { readable } from "./bytes.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Conf } from "./statements.ts";

/** A problem whose place is in the text. */
export type ConfProblem = Problem & { readonly place: { readonly offset: number; readonly end?: number } };

/** @param file the file's name in diagnostics */
export function diagnose(problems: readonly ConfProblem[], conf: Conf, file: string): Diagnostic[] {
  if (problems.length === 0) return [];
  const shown = withoutSecrets(conf).split("\n");
  return problems
    .toSorted((left, right) => left.place.offset - right.place.offset)
    .map((problem) => {
      const { severity, message, help } = describe(problem);
      return { code: problem.code, severity, file, ...locate(problem.place, conf.text, shown), pointer: undefined, message, help };
    });
}

/** The place of a key or a value in the text, in lines and columns of what is shown. */
function locate({ offset, end = offset + 1 }: ConfProblem["place"], text: string, shown: readonly string[]) {
  const line = text.slice(0, offset).split("\n").length;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const source = (shown[line - 1] ?? "").replace(/\r$/, "");
  const before = Math.min(offset - lineStart, source.length);
  const column = columns(source.slice(0, before)) + 1;
  return { line, column, length: Math.max(1, columns(source.slice(before, end - lineStart))), source: readable(source) };
}

/** Code points. */
function columns(text: string): number {
  return Array.from(readable(text)).length;
}
