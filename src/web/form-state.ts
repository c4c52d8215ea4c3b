/** What the fields of the form share. */
import { createContext } from "preact";
import type { Value } from "../core/description/new-description.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { type Field, fieldAt } from "./schema.ts";

export interface FormState {
  /** The description's plain data. */
  readonly data: unknown;
  /** Values that were given to keys and are not in the data yet. */
  readonly pending: ReadonlyMap<string, Value | undefined>;
  readonly diagnostics: readonly Diagnostic[];
  /** The diagnostics by the pointer of the field that shows them. */
  readonly found: ReadonlyMap<string, readonly Diagnostic[]>;
}

export const FormContext = createContext<FormState>({ data: undefined, pending: new Map(), diagnostics: [], found: new Map() });

/** What fields do, which is always the same: a field that only does something is not made anew with each description. */
export interface FormActions {
  /** Gives a key a value, or takes it out. */
  readonly change: (pointer: string, value: Value | undefined) => void;
  readonly onHelp: (diagnostic: Diagnostic) => void;
  /** Whether all targets are there, with their titles. */
  readonly complete: boolean;
}

export const FormActionsContext = createContext<FormActions>({ change: () => {}, onHelp: () => {}, complete: false });

/** The diagnostics that fields show. */
export function foundAt(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, readonly Diagnostic[]> {
  const found = new Map<string, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    const field = fieldOf(diagnostic);
    if (field !== undefined) found.set(field.pointer, [...(found.get(field.pointer) ?? []), diagnostic]);
  }
  return found;
}

/** Entries of a list of mappings that get fields. */
export const entriesShown = 20;

/** The id of a field's control in the page. */
export function idOf(pointer: string): string {
  return `field${pointer}`;
}

/** The field that shows a problem, if the form has it. */
export function fieldOf({ pointer }: Diagnostic): Field | undefined {
  if (pointer === undefined || pointer === "") return undefined;
  const field = fieldAt(pointer);
  const index = Number(/\/(\d+)\//.exec(field?.pointer ?? "")?.[1] ?? 0);
  return index < entriesShown ? field : undefined;
}
