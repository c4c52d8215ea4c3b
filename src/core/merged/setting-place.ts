/** Where a problem of a setting is shown in a file of settings. */
import type { ConfProblem } from "../mailcow-conf/problem.ts";

/** A setting with its offsets in the text. */
interface Placed {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly valueStart: number;
  /** The end of its first line. */
  readonly lineEnd: number;
}

/** The value, or the name where the value is empty or begins in another line. */
export function settingPlace({ start, name, value, valueStart, lineEnd }: Placed): ConfProblem["place"] {
  return value === "" || valueStart >= lineEnd ? { offset: start, end: start + name.length } : { offset: valueStart, end: lineEnd };
}
