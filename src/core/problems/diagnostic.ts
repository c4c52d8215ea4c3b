/** A problem as it is reported: located and in words. */
import type { Code } from "./problem.ts";

export type Severity = "error" | "warning" | "note";

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** The name the description was given under: a path, or `-` for standard input. */
  readonly file: string;
  /** First line is 1. */
  readonly line: number;
  /** First column is 1; counts Unicode code points. */
  readonly column: number;
  /** Columns the caret covers, at least 1, never beyond the line. */
  readonly length: number;
  /** The line itself, without its end and with a mark in place of each secret; undefined where the file is something else than it should be, and none of its lines are shown. */
  readonly source: string | undefined;
  /** JSON Pointer (RFC 6901) of the key or value, or undefined where the text is no YAML. */
  readonly pointer: string | undefined;
  /** A sentence without its full stop. */
  readonly message: string;
  /** What to write instead, where there is something. */
  readonly help: string | undefined;
}
