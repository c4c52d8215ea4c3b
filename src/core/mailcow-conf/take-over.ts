/** What a description takes over from an existing mailcow.conf, and what it cannot. */
import type { Diagnostic } from "../problems/diagnostic.ts";
import { limits } from "../limits.ts";
import type { Located } from "../yaml/locate.ts";
import { notTakenOver } from "../problems/messages/mailcow-conf.ts";
import { type Draft, type Value, withValue } from "../description/new-description.ts";
import { related } from "../description/repair.ts";
import { hidden } from "../secrets/mark.ts";
import { type DescribedValue, describedValues, top } from "./described-values.ts";
import { diagnose, locator } from "./diagnose.ts";
import type { ConfProblem } from "./problem.ts";
import { faultProblems } from "./problems.ts";
import type { Conf } from "./statements.ts";

export interface TakenOver {
  /** A valid description, unless one of the diagnostics is an error. */
  readonly draft: Draft;
  /** In the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the checks of a description say about one, with all that there is to say. */
type Check = (description: { readonly source: string; readonly file: string }) => { readonly diagnostics: readonly Diagnostic[] };

export interface TakeOverOptions {
  /** Judges a description by itself, with all that there is to say. */
  readonly check: Check;
  /** The file's name in diagnostics. */
  readonly file: string;
  /** The absolute path of the folder it is in, where it is in one. */
  readonly folder: string | undefined;
  /** In place of the file's own MAILCOW_HOSTNAME. */
  readonly hostname: string | undefined;
}

export function takeOver(conf: Conf, { check, file, folder, hostname }: TakeOverOptions): TakenOver {
  const locate = locator(conf);
  const faults = faultProblems(conf);
  if (faults.length > 0) return { draft: {}, diagnostics: diagnose(faults, locate, file) };
  const { values, problems } = describedValues(conf, folder);
  const others = values.filter(({ pointer }) => hostname === undefined || pointer !== "/hostname");
  const { draft, refused, doubtful } = sift(hostname === undefined ? others : [{ pointer: "/hostname", value: hostname, place: top }, ...others], file, check);
  const nameless: ConfProblem[] = "hostname" in draft ? [] : [{ code: "conf-hostname", arguments: {}, place: values.find(({ pointer }) => pointer === "/hostname")?.place ?? top }];
  const shown = refused.slice(0, limits.problems);
  const more: ConfProblem[] = refused.slice(limits.problems - 1, limits.problems).filter(() => refused.length > shown.length).map(({ place }) => ({ code: "more", arguments: { limit: limits.problems }, place }));
  const diagnostics = [
    ...diagnose([...problems, ...nameless, ...more], locate, file),
    ...shown.map(({ diagnostic, place }) => at({ ...diagnostic, severity: "warning", message: notTakenOver(diagnostic.message) }, locate(place))),
    ...doubtful.slice(0, limits.problems).map(({ diagnostic, place }) => at(diagnostic, locate(place))),
  ];
  return { draft, diagnostics: diagnostics.toSorted((left, right) => left.line - right.line || left.column - right.column) };
}

/** What is said of a value that is not shown repeats it. */
function at(diagnostic: Diagnostic, { secret, ...location }: Located): Diagnostic {
  return { ...diagnostic, ...location, pointer: undefined, ...(secret ? { message: notTakenOver(`${hidden} is not right here`), help: undefined } : {}) };
}

/** What the checks of a description say about a value of the file. */
interface Verdict {
  readonly diagnostic: Diagnostic;
  readonly place: ConfProblem["place"];
  /** One, or all of a list that is too long. */
  readonly values: readonly DescribedValue[];
}

/** Leaves out what the checks refuse, until they refuse nothing more. */
function sift(values: readonly DescribedValue[], file: string, check: Check): { draft: Draft; refused: Verdict[]; doubtful: Verdict[] } {
  const refused: Verdict[] = [];
  for (let left = values; ; ) {
    const { draft, pointers } = assemble(left);
    const concerned = finder(left, pointers);
    // A hostname that is missing is none of the other values' faults.
    const source = JSON.stringify({ hostname: "mail.example.org", ...draft }, undefined, 1);
    // All at once, or a long list would take as many rounds as it has hundreds of faults.
    const said = check({ source, file }).diagnostics.flatMap((diagnostic) => {
      const [value, ...others] = concerned(diagnostic);
      return value === undefined ? [] : [{ diagnostic, place: value.place, values: [value, ...others] }];
    });
    const errors = said.filter(({ diagnostic }) => diagnostic.severity === "error");
    if (errors.length === 0) return { draft, refused, doubtful: said };
    refused.push(...errors);
    const faulty = new Set(errors.flatMap((error) => error.values));
    left = left.filter((value) => !faulty.has(value));
  }
}

/** Finds the values that a diagnostic is about. A description that is too large is so by its lists, or else by any value. */
function finder(values: readonly DescribedValue[], pointers: readonly string[]): (diagnostic: Diagnostic) => readonly DescribedValue[] {
  const exact = new Map(values.map((value, index) => [pointers[index], value]));
  const items = values.filter(({ item = false }) => item);
  return ({ pointer: at }) => {
    if (at === undefined) return items.length > 0 ? items : values;
    const value = exact.get(at) ?? values[pointers.findIndex((pointer) => related(pointer, at))];
    return value?.item === true && value.pointer === at ? items.filter(({ pointer }) => pointer === at) : value === undefined ? [] : [value];
  };
}

/** The draft, and the pointer of each value in it. */
function assemble(values: readonly DescribedValue[]): { draft: Draft; pointers: string[] } {
  const lists = new Map<string, Value[]>();
  let draft: Draft = {};
  const pointers = values.map(({ pointer, item, value }) => {
    if (item === undefined) {
      draft = withValue(draft, pointer, value);
      return pointer;
    }
    const list = lists.get(pointer) ?? [];
    lists.set(pointer, list);
    return `${pointer}/${list.push(value) - 1}`;
  });
  for (const [pointer, list] of lists) draft = withValue(draft, pointer, list);
  return { draft, pointers };
}
