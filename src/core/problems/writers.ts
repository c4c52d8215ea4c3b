/** What writes the sentence of a code, and how severe that is. */
import type { Severity } from "./diagnostic.ts";
import type { Code, ProblemArguments } from "./problem.ts";

export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
}

/** Without a severity it is an error. */
interface Writer<Facts> {
  (facts: Facts): Message;
  readonly severity?: Severity;
}

/** A writer for each of some codes. */
export type Writers<C extends Code> = { readonly [K in C]: Writer<ProblemArguments[K]> };

export function warning<Facts>(write: (facts: Facts) => Message): Writer<Facts> {
  return Object.assign((facts: Facts) => write(facts), { severity: "warning" } as const);
}

export function note<Facts>(write: (facts: Facts) => Message): Writer<Facts> {
  return Object.assign((facts: Facts) => write(facts), { severity: "note" } as const);
}
