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
  /** Gives a key a value, or takes it out. */
  readonly change: (pointer: string, value: Value | undefined) => void;
  readonly onHelp: (diagnostic: Diagnostic) => void;
}

export const FormContext = createContext<FormState>({ data: undefined, pending: new Map(), diagnostics: [], change: () => {}, onHelp: () => {} });

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
