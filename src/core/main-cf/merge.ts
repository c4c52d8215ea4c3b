/** Sets parameters in mailcow's extra.cf, in a block of their own, and leaves every other byte unchanged. */
import { readable } from "../mailcow-conf/bytes.ts";
import type { ConfProblem } from "../mailcow-conf/problem.ts";
import { type Block, blockOf, placed, written } from "../merged/block.ts";
import { settingPlace } from "../merged/setting-place.ts";
import type { MainCfSetting, MergedChange, Wanted } from "../merged/values.ts";
import { type MainCf, type Parameter, entriesOf, readMainCf } from "./parameters.ts";
import { linesOf } from "./write.ts";

export interface MergedMainCf {
  readonly text: string;
  readonly changes: readonly MergedChange[];
  readonly problems: readonly ConfProblem[];
}

/**
 * @param hostname mailcow's name. Each start of mailcow's Postfix removes the lines that set it, and writes it as the first
 *   line; with that line in its place, a start changes nothing.
 */
export function mergeMainCf(cf: MainCf, hostname: string, wanted: readonly Wanted<readonly MainCfSetting[]>[]): MergedMainCf {
  const faults = cf.faults.map(({ kind, start, end }): ConfProblem => ({ code: "extra-cf-line", arguments: { kind }, place: { offset: start, end } }));
  if (faults.length > 0) return { text: cf.text, changes: [], problems: faults };
  const blocks = wanted.map(({ target }) => blockOf(cf.text, target));
  const own = (parameter: Parameter) => !blocks.some((block) => block !== undefined && parameter.start >= block.start && parameter.end <= block.end);
  const others = cf.parameters.filter(own);
  const problems = [...wanted.flatMap(({ values }) => values.flatMap((setting) => differing(setting, others))), ...nameProblems(others, hostname)];
  const results = wanted.map(({ target, values }, index) => {
    // What the administrator has already set to the same is not repeated.
    const missing = values.filter((setting) => !others.some((other) => other.name === setting.name && means(other, setting)));
    return { block: blocks[index], lines: missing.length === 0 ? "" : written(target, missing.map(linesOf).join("")), changes: changesOf(cf, blocks[index], missing) };
  });
  const first = firstLine(hostname);
  const text = results.reduceRight((rest, { block, lines }) => placed(rest, block, lines), cf.text);
  const isFirst = text.startsWith(first);
  return {
    text: isFirst ? text : first + text,
    changes: [...(isFirst ? [] : [{ key: nameKey, before: others.find(({ name }) => name === nameKey)?.value, after: hostname }]), ...results.flatMap(({ changes }) => changes)],
    problems,
  };
}

const nameKey = "myhostname";

/** The first line that mailcow gives the file. */
function firstLine(hostname: string): string {
  return `${nameKey} = ${hostname}\n`;
}

function changesOf({ text }: MainCf, block: Block | undefined, settings: readonly MainCfSetting[]): MergedChange[] {
  const before = block === undefined ? [] : readMainCf(text.slice(block.start, block.end)).parameters;
  const kept = settings.flatMap((setting): MergedChange[] => {
    const was = before.find(({ name }) => name === setting.name);
    return was !== undefined && means(was, setting) ? [] : [{ key: setting.name, before: was?.value, after: setting.entries.join(", ") }];
  });
  const gone = before.filter(({ name }) => !settings.some((setting) => setting.name === name)).map(({ name, value }) => ({ key: name, before: value, after: undefined }));
  return [...kept, ...gone.map(({ key, before: value }) => ({ key, before: value, after: "" }))];
}

/** Whether a value does what the setting asks for. The tables of a list may be followed by others. */
function means({ value }: Parameter, { entries }: MainCfSetting): boolean {
  const given = entriesOf(value);
  const asked = entriesOf(entries.join(" "));
  return asked.every((entry, index) => given[index] === entry) && (given.length === asked.length || asked.length > 1);
}

/** The administrator's lines that set something else. */
function differing(setting: MainCfSetting, others: readonly Parameter[]): ConfProblem[] {
  return others
    .filter((other) => other.name === setting.name && !means(other, setting))
    .map((other) => ({ code: "merged-differs", arguments: { key: other.name, value: readable(other.value), wanted: setting.entries.join(", "), isList: setting.entries.length > 1 }, place: settingPlace(other) }));
}

/** Lines that mailcow removes, except its own first one. */
function nameProblems(others: readonly Parameter[], hostname: string): ConfProblem[] {
  return others.filter(({ name, start, value }) => name === nameKey && (start > 0 || value !== hostname)).map((other) => ({ code: "extra-cf-hostname", arguments: { hostname }, place: settingPlace(other) }));
}
