/** The one place that turns codes into sentences; what each code is about stands in docs/diagnostics.md. */
import type { Severity } from "./diagnostic.ts";
import { crossKeyMessages } from "./messages/cross-key.ts";
import { shapeMessages } from "./messages/shape.ts";
import { textMessages } from "./messages/text.ts";
import type { Code, Problem, ProblemArguments } from "./problem.ts";

export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
}

/** A writer for each of some codes. */
export type Writers<C extends Code> = { readonly [K in C]: (facts: ProblemArguments[K]) => Message };

const writers: Writers<Code> = { ...textMessages, ...shapeMessages, ...crossKeyMessages };

/** Every code there is. */
export const codes = Object.keys(writers);

/** Everything else is an error. */
const warnings: ReadonlySet<Code> = new Set<Code>(["bind-public", "bind-ipv6", "addresses-missing", "upstream-unverified"]);

export function describe(problem: Problem): { severity: Severity; message: string; help: string | undefined } {
  const { message, help } = write(problem.code, problem.arguments);
  return { severity: warnings.has(problem.code) ? "warning" : "error", message, help };
}

function write<C extends Code>(code: C, facts: ProblemArguments[C]): Message {
  return writers[code](facts);
}
