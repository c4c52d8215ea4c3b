/** The functions that write the messages of codes, with the severity. */
import type { Severity } from "./diagnostic.ts";
import type { Edit } from "./edit.ts";
import type { Code, ProblemArguments } from "./problem.ts";

export interface Message {
  readonly message: string;
  readonly help?: string | undefined;
  /** What the help proposes: all of these edits together. If it names alternatives, the first of them. Absent when only the administrator knows what to write. */
  readonly edits?: readonly Edit[];
}

/** An error if it has no severity. */
interface Writer<Facts> {
  /** @param at the pointer of the problem's place, empty for a place in the text */
  (facts: Facts, at: string): Message;
  readonly severity?: Severity;
}

/** One writer per code. */
export type Writers<C extends Code> = { readonly [K in C]: Writer<ProblemArguments[K]> };

export function warning<Facts>(write: (facts: Facts, at: string) => Message): Writer<Facts> {
  return Object.assign((facts: Facts, at: string) => write(facts, at), { severity: "warning" } as const);
}

export function note<Facts>(write: (facts: Facts, at: string) => Message): Writer<Facts> {
  return Object.assign((facts: Facts, at: string) => write(facts, at), { severity: "note" } as const);
}
