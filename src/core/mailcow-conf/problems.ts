/** Problems with how a mailcow.conf is written. */
import { limits } from "../limits.ts";
import { readable } from "./bytes.ts";
import type { ConfProblem } from "./problem.ts";
import { isMailcows } from "./known-keys.ts";
import { openly } from "./secrets.ts";
import { type Conf, type Statement, behind } from "./statements.ts";

/** Whether the file has statements but none of mailcow's keys. It is probably the wrong file, so none of its lines are shown. */
export function isForeign({ statements, faults }: Conf): boolean {
  return statements.length + faults.length > 0 && !statements.some(({ key }) => isMailcows(key));
}

/** Why merge refuses a file: docker compose refuses it, or it is another kind of file. docker compose reads simple YAML as variables. */
export function faultProblems(conf: Conf): ConfProblem[] {
  const { text, statements, faults } = conf;
  if (isForeign(conf) && (faults.length > 0 || statements.some(({ key }) => key === "hostname"))) return [{ code: "not-a-mailcow-conf", arguments: {}, place: { offset: 0 } }];
  // One more than the limit, so that the report can say that there are more.
  return faults.slice(0, limits.problems + 1).map(({ kind, start, end, opened }) => ({
    code: "conf-refused",
    arguments: {
      kind,
      character: kind === "character" ? readable(text.slice(start, end)) : undefined,
      openedLine: opened === undefined ? undefined : lineOf(text, opened),
    },
    place: { offset: start, end },
  }));
}

/** Warnings for the second and further lines of a key. @param given the value that merge sets in all of them, or that they already have */
export function duplicateProblems(conf: Conf, key: string, given: { value: string; already: boolean } | undefined): ConfProblem[] {
  const [first, ...others] = conf.statements.filter((statement) => statement.key === key);
  const firstLine = first === undefined ? 0 : lineOf(conf.text, first.start);
  return others.map((statement) => ({ code: "conf-duplicate", arguments: { key, firstLine, given }, place: keyPlace(conf, statement) }));
}

/** @param assignment the new text of the statement, if merge changes it */
export function spellingProblem(conf: Conf, statement: Statement, assignment: string | undefined): ConfProblem | undefined {
  const { key, value, spelling, end } = statement;
  if (spelling === undefined) return undefined;
  const instead = assignment === undefined ? undefined : { assignment, alone: behind(conf.text, end) === "nothing" };
  return { code: "conf-spelling", arguments: { key, spelling, value: openly(value), instead }, place: keyPlace(conf, statement) };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function keyPlace({ text }: Conf, { key, start }: Statement): ConfProblem["place"] {
  const offset = text.indexOf(key, start);
  return { offset, end: offset + key.length };
}

/** The place of the value, or of the key when the value is empty. */
export function valuePlace(conf: Conf, statement: Statement): ConfProblem["place"] {
  const { value, valueStart } = statement;
  return value === "" ? keyPlace(conf, statement) : { offset: valueStart, end: valueStart + value.length };
}
