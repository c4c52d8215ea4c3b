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

/** The second and further lines of a key. @param value the one that they all get, where they get one */
export function duplicateProblems(conf: Conf, key: string, value: string | undefined): ConfProblem[] {
  const [first, ...others] = conf.statements.filter((statement) => statement.key === key);
  const firstLine = conf.text.slice(0, first?.start).split("\n").length;
  return others.map((statement) => ({ code: "conf-duplicate", arguments: { key, firstLine, value }, place: keyPlace(conf, statement) }));
}

/** @param instead the value that the key gets, where it gets one */
export function spellingProblem(conf: Conf, statement: Statement, instead: string | undefined): ConfProblem | undefined {
  const { key, value, spelling } = statement;
  if (spelling === undefined) return undefined;
  return { code: "conf-spelling", arguments: { key, spelling, value, instead }, place: keyPlace(conf, statement) };
}

function keyPlace({ text }: Conf, { key, start }: Statement): ConfProblem["place"] {
  const offset = text.indexOf(key, start);
  return { offset, end: offset + key.length };
}

/** The value, or the key where there is none. */
export function valuePlace(conf: Conf, statement: Statement): ConfProblem["place"] {
  const { value, valueStart } = statement;
  return value === "" ? keyPlace(conf, statement) : { offset: valueStart, end: valueStart + value.length };
}
