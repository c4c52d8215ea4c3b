/** Makes a description from an existing mailcow.conf and reports what it cannot use. */
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

/** Checks a description and returns all diagnostics. */
type Check = (description: { readonly source: string; readonly file: string }) => { readonly diagnostics: readonly Diagnostic[] };

export interface TakeOverOptions {
  /** Checks a single description without a limit on the diagnostics. */
  readonly check: Check;
  /** The file's name in diagnostics. */
  readonly file: string;
  /** The absolute path of the file's folder, if it has one. */
  readonly folder: string | undefined;
  /** Replaces the file's own MAILCOW_HOSTNAME. */
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

/** The diagnostic at its place in the file. If the value is secret, the original message is not shown, because it repeats the value. */
function at(diagnostic: Diagnostic, { secret, ...location }: Located): Diagnostic {
  // Edits are for descriptions, not for this file.
  return { ...diagnostic, ...location, pointer: undefined, edits: [], ...(secret ? { message: notTakenOver(`${hidden} is not valid here`), help: undefined } : {}) };
}

/** A diagnostic about values of the file. */
interface Verdict {
  readonly diagnostic: Diagnostic;
  readonly place: ConfProblem["place"];
  /** One value, or all values of a list that is too long. */
  readonly values: readonly DescribedValue[];
}

/** Removes the values with errors until there are no more errors. */
function sift(values: readonly DescribedValue[], file: string, check: Check): { draft: Draft; refused: Verdict[]; doubtful: Verdict[] } {
  const refused: Verdict[] = [];
  for (let left = values; ; ) {
    const { draft, pointers } = assemble(left);
    const concerned = finder(left, pointers);
    // Use a placeholder, so that a missing hostname is not blamed on other values.
    const source = JSON.stringify({ hostname: "mail.example.org", ...draft }, undefined, 1);
    // Remove all faulty values at once: with the usual limit, a long list would take many rounds.
    const said = check({ source, file }).diagnostics.flatMap((diagnostic) => {
      const [value, ...others] = concerned(diagnostic);
      return value === undefined ? [] : [{ diagnostic, place: value.place, values: [value, ...others] }];
    });
    const errors = said.filter(({ diagnostic }) => diagnostic.severity === "error");
    if (errors.length === 0) return { draft, refused, doubtful: said };
    // What a value needs goes with it: the first reason is enough.
    refused.push(...errors.filter(({ place }) => place === top || !refused.some((one) => one.place === place)));
    const faulty = new Set(errors.flatMap((error) => error.values));
    left = left.filter((value) => !faulty.has(value));
  }
}

/**
 * Finds the values that a diagnostic is about: for a section, all values in it. For a description that is too large, these are the
 * list items, or all values.
 */
function finder(values: readonly DescribedValue[], pointers: readonly string[]): (diagnostic: Diagnostic) => readonly DescribedValue[] {
  const exact = new Map(values.map((value, index) => [pointers[index], value]));
  const items = values.filter(({ item = false }) => item);
  return ({ pointer: at }) => {
    if (at === undefined) return items.length > 0 ? items : values;
    const inside = at === "" ? [] : values.filter((_, index) => pointers[index]?.startsWith(`${at}/`));
    if (inside.length > 0 && !exact.has(at)) return inside;
    const value = exact.get(at) ?? values[pointers.findIndex((pointer) => related(pointer, at))];
    return value?.item === true && value.pointer === at ? items.filter(({ pointer }) => pointer === at) : value === undefined ? [] : [value];
  };
}

/** The draft, and the pointer of each value in the draft. */
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
