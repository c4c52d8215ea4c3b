/** The functions that write the messages of codes, with the severity. */
import type { Severity } from "./diagnostic.ts";
import type { Code, ProblemArguments } from "./problem.ts";

export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
}

/** An error if it has no severity. */
interface Writer<Facts> {
  (facts: Facts): Message;
  readonly severity?: Severity;
}

/** One writer per code. */
export type Writers<C extends Code> = { readonly [K in C]: Writer<ProblemArguments[K]> };

export function warning<Facts>(write: (facts: Facts) => Message): Writer<Facts> {
  return Object.assign((facts: Facts) => write(facts), { severity: "warning" } as const);
}

export function note<Facts>(write: (facts: Facts) => Message): Writer<Facts> {
  return Object.assign((facts: Facts) => write(facts), { severity: "note" } as const);
}
