/** Sets lists of networks in mailcow's extra.conf for Dovecot, in a block of their own, and leaves every other byte unchanged. */
import { readable } from "../mailcow-conf/bytes.ts";
import type { ConfProblem } from "../mailcow-conf/problem.ts";
import { blockOf, placed, written } from "../merged/block.ts";
import { settingPlace } from "../merged/setting-place.ts";
import type { DovecotNetworks, MergedChange, Wanted } from "../merged/values.ts";
import { parseNetwork, toCidr } from "../network.ts";
import { type DovecotConf, type Setting, readDovecotConf } from "./settings.ts";
import { linesOf, valueOf } from "./write.ts";

export interface MergedDovecot {
  readonly text: string;
  readonly changes: readonly MergedChange[];
  readonly problems: readonly ConfProblem[];
}

/** With a line that keeps Dovecot from starting, the text is the original one: the values could end up in a block that is not closed. */
export function mergeDovecot(conf: DovecotConf, wanted: readonly Wanted<readonly DovecotNetworks[]>[]): MergedDovecot {
  const faults = conf.faults.map(({ kind, start, end }): ConfProblem => ({ code: "extra-conf-line", arguments: { kind }, place: { offset: start, end } }));
  if (faults.length > 0) return { text: conf.text, changes: [], problems: faults };
  const blocks = wanted.map(({ target }) => blockOf(conf.text, target));
  const others = conf.settings.filter(({ start, end }) => !blocks.some((block) => block !== undefined && start >= block.start && end <= block.end));
  const results = wanted.map(({ target, values }, index) => {
    const block = blocks[index];
    // What the administrator has already set to the same is not repeated. In a block it holds for a part of Dovecot only.
    const missing = values.filter((one) => !others.some((other) => !other.isInside && sets(other, one) && means(other, one)));
    const before = block === undefined ? [] : readDovecotConf(conf.text.slice(block.start, block.end)).settings;
    return { block, lines: missing.length === 0 ? "" : written(target, missing.map(linesOf).join("")), changes: changesOf(before, missing) };
  });
  return {
    text: results.reduceRight((text, { block, lines }) => placed(text, block, lines), conf.text),
    changes: results.flatMap(({ changes }) => changes),
    problems: wanted.flatMap(({ values }) => values.flatMap((one) => differing(one, others))),
  };
}

function changesOf(before: readonly Setting[], wanted: readonly DovecotNetworks[]): MergedChange[] {
  const kept = wanted.flatMap((one): MergedChange[] => {
    const was = before.find((setting) => sets(setting, one));
    return was !== undefined && means(was, one) ? [] : [{ key: one.name, before: was?.value, after: valueOf(one) }];
  });
  return [...kept, ...before.filter((setting) => !wanted.some((one) => sets(setting, one))).map(({ name, value }) => ({ key: name, before: value, after: "" }))];
}

function sets({ name }: Setting, wanted: DovecotNetworks): boolean {
  return name === wanted.name;
}

/** Whether a value has these networks and no others, in whatever order and spelling. */
function means({ value }: Setting, { networks }: DovecotNetworks): boolean {
  const [given, asked] = [value.split(/[ \t,]+/).filter((one) => one !== ""), networks].map((list) => new Set(list.map(spelled)));
  return given !== undefined && asked !== undefined && given.size === asked.size && [...given].every((one) => asked.has(one));
}

function spelled(text: string): string {
  const network = parseNetwork(text);
  return network === undefined ? text : toCidr(network);
}

/** The administrator's lines that set something else. */
function differing(wanted: DovecotNetworks, others: readonly Setting[]): ConfProblem[] {
  return others
    .filter((other) => sets(other, wanted) && !means(other, wanted))
    .map((other) => ({ code: "merged-differs", arguments: { key: other.name, value: readable(other.value), wanted: valueOf(wanted), isList: false }, place: settingPlace(other) }));
}
