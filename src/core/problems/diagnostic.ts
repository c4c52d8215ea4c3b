/** A problem in the form in which it is reported. */
import type { Edit } from "./edit.ts";
import type { Code } from "./problem.ts";

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** The description's name as given: a path, or `-` for standard input. */
  readonly file: string;
  /** The first line is 1. */
  readonly line: number;
  /** The first column is 1; counts Unicode code points. */
  readonly column: number;
  /** The number of marked columns: at least 1, and all in this line. */
  readonly length: number;
  /** The line without its line end, with a mark instead of each secret. Undefined when it is the wrong kind of file; then none of its lines are shown. */
  readonly source: string | undefined;
  /** JSON Pointer (RFC 6901) of the key or value, or undefined when the text is not valid YAML. */
  readonly pointer: string | undefined;
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to write instead, if there is a suggestion. */
  readonly help: string | undefined;
  /** The changes that the help proposes, to be made together. If it names alternatives, the first of them. Empty when there is no help, or when only the administrator knows what to write. */
  readonly edits: readonly Edit[];
}
