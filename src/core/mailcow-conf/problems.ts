/** What there is to say about how a mailcow.conf is written. */
import { readable } from "./bytes.ts";
import type { ConfProblem } from "./diagnose.ts";
import type { Conf, Statement } from "./statements.ts";

/** Where docker compose gives the file up. */
export function faultProblems({ text, faults }: Conf): ConfProblem[] {
  return faults.map(({ kind, start, end }) => ({
    code: "conf-refused",
    arguments: { kind, character: kind === "character" ? readable(text.slice(start, end)) : undefined },
    place: { offset: start, end },
  }));
}

/** @param instead the value that the key gets, where it gets one */
export function spellingProblem(conf: Conf, statement: Statement, instead: string | undefined): ConfProblem | undefined {
  const { key, value, spelling } = statement;
  if (spelling === undefined) return undefined;
  return { code: "conf-spelling", arguments: { key, spelling, value, instead }, place: keyPlace(conf, statement) };
}

export function keyPlace({ text }: Conf, { key, start }: Statement): ConfProblem["place"] {
  const offset = text.indexOf(key, start);
  return { offset, end: offset + key.length };
}

export function valuePlace({ value, valueStart }: Statement): ConfProblem["place"] {
  return { offset: valueStart, end: valueStart + value.length };
}
