/** Where diagnostics are in the text of a description, with its secrets. */
import { assignedValues } from "../description/foreign.ts";
import { limits } from "../limits.ts";
import { hide } from "../secrets/hide.ts";
import { type Span, joined, secretSpans } from "../secrets/spans.ts";
import { linesOf } from "../yaml/lines.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** The secrets in the text of a description. */
export function secretsIn(text: string): Span[] {
  return joined([...secretSpans(text), ...assignedValues(text)]);
}

/**
 * Finds the parts of a text that diagnostics mark. Their columns are those of lines as they are shown, with a mark in the
 * place of each secret, which has another length.
 */
export function marksIn(text: string): (diagnostic: Pick<Diagnostic, "line" | "column" | "length" | "source">) => Span {
  const lines = text.split("\n");
  const { lineStarts } = linesOf(text);
  let known: readonly Span[] | undefined;
  // To look for secrets takes long, and few lines have one.
  const secrets = () => (known ??= secretsIn(text.slice(0, limits.size)));
  return ({ line, column, length, source }) => {
    const own = (lines[line - 1] ?? "").replace(/\r$/, "");
    const from = lineStarts[line - 1] ?? 0;
    const { shown, offset } = hide(text, from, from + own.length, source === undefined || source === own ? [] : secrets());
    const points = Array.from(shown);
    const before = points.slice(0, column - 1).join("").length;
    const marked = points.slice(column - 1, column - 1 + length).join("").length;
    const start = offset(before, "start");
    return { start, end: Math.max(start + 1, offset(before + marked, "end")) };
  };
}
