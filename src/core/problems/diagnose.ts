/** Turns problems with a description into diagnostics, with their line and without secrets. */
import type { Diagnostic } from "./diagnostic.ts";
import { legible } from "../description/foreign.ts";
import { limits } from "../limits.ts";
import { locate } from "../yaml/locate.ts";
import { secretsIn } from "./marks.ts";
import { describe } from "./message.ts";
import type { Parsed } from "../yaml/parse.ts";
import type { Problem } from "./problem.ts";
import { discreetly, withoutSecrets } from "../secrets/hide.ts";
import type { Span } from "../secrets/spans.ts";

interface Subject {
  /** The file's name in diagnostics. */
  readonly file: string;
  readonly text: string;
  readonly parsed: Parsed;
  /** Whether it is probably the wrong file: then none of its lines are shown. */
  readonly foreign: boolean;
  /** The secrets, if they are not found as in a description. */
  readonly secrets?: readonly Span[];
}

export function diagnose(problems: readonly Problem[], { file, text: whole, parsed, foreign, secrets: known }: Subject): Diagnostic[] {
  if (problems.length === 0) return [];
  // Of a text that is too large, only the first line is shown.
  const text = whole.slice(0, limits.size);
  const secrets = foreign ? [] : (known ?? secretsIn(text));
  // In UTF-16, the zeros between the letters hide the names of secrets.
  const spread = text.includes("\0") && withoutSecrets(legible(text)) !== legible(text);
  return problems.map((problem) => {
    const { secret, source, ...location } = locate(problem.place, { text, secrets }, parsed);
    const { severity, message, help, edits } = describe(problem, secret || spread);
    const pointer = "pointer" in problem.place ? discreetly(problem.place.pointer) : undefined;
    return { code: problem.code, severity, file, ...location, source: foreign || spread ? undefined : source, pointer, message, help, edits };
  });
}
