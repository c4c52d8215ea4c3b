/** Turns problems with mailcow.conf into diagnostics, with their line and without secrets. */
import type { LineCounter } from "yaml";
import type { Diagnostic } from "../problems/diagnostic.ts";
import { limits } from "../limits.ts";
import { linesOf } from "../yaml/lines.ts";
import { type Located, codePoints } from "../yaml/locate.ts";
import { describe } from "../problems/message.ts";
import { firstProblems } from "../problems/first-problems.ts";
import { readable } from "./bytes.ts";
import type { ConfProblem } from "./problem.ts";
import { isForeign } from "./problems.ts";
import { withoutSecrets } from "./secrets.ts";
import type { Conf } from "./statements.ts";

/** Turns a place in the text into a line and column of the text that is shown. */
export type Locate = (place: ConfProblem["place"]) => Located;

export function locator(conf: Conf): Locate {
  let shown: string[] | undefined;
  let lines: LineCounter | undefined;
  const foreign = isForeign(conf);
  // Cache the last line: many problems may be on one long line.
  let last = { line: 0, bytes: "", source: "", own: "" };
  return ({ offset, end = offset + 1 }) => {
    shown ??= withoutSecrets(conf).split("\n");
    lines ??= linesOf(conf.text);
    const { line, col } = lines.linePos(offset);
    const lineStart = offset - (col - 1);
    if (last.line !== line) {
      const bytes = (shown[line - 1] ?? "").replace(/\r$/, "");
      last = { line, bytes, source: readable(bytes), own: conf.text.slice(lineStart).split("\n", 1)[0] ?? "" };
    }
    const { bytes, source, own } = last;
    const before = Math.min(offset - lineStart, bytes.length);
    const marked = bytes.slice(before, end - lineStart);
    const secret = !own.startsWith(marked, offset - lineStart);
    return { line, column: columns(bytes.slice(0, before)) + 1, length: Math.max(1, columns(marked)), source: foreign ? undefined : source, secret };
  };
}

/** The diagnostics up to the limit, and a note when there are more. @param file the file's name in diagnostics */
export function diagnose(problems: readonly ConfProblem[], locate: Locate, file: string): Diagnostic[] {
  return firstProblems(problems, limits.problems)
    .toSorted((left, right) => left.place.offset - right.place.offset)
    .map((problem) => {
      const { secret, ...location } = locate(problem.place);
      const { severity, message, help, edits } = describe(problem, secret);
      return { code: problem.code, severity, file, ...location, pointer: undefined, message, help, edits };
    });
}

function columns(text: string): number {
  return codePoints(readable(text));
}
