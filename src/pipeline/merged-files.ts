/** mailcow's files that merge changes: what each is, and how the values of targets get into it. */
import { mergeCompose } from "../core/compose/merge.ts";
import { readCompose } from "../core/compose/read.ts";
import { mergeDovecot } from "../core/dovecot/merge.ts";
import { readDovecotConf } from "../core/dovecot/settings.ts";
import { limits } from "../core/limits.ts";
import { mergeMainCf } from "../core/main-cf/merge.ts";
import { type MainCf, readMainCf } from "../core/main-cf/parameters.ts";
import { secretsOf } from "../core/main-cf/secrets.ts";
import { bytesOfText, readable, textOfBytes } from "../core/mailcow-conf/bytes.ts";
import { diagnose as diagnoseConf, locator } from "../core/mailcow-conf/diagnose.ts";
import { type MergeOptions, merge } from "../core/mailcow-conf/merge.ts";
import { withoutSecrets as withoutConfSecrets } from "../core/mailcow-conf/secrets.ts";
import { readConf } from "../core/mailcow-conf/statements.ts";
import { keysOf } from "../core/keys-of.ts";
import type { ChangedValue, MergedFileId, MergedValues, Wanted } from "../core/merged/values.ts";
import type { TargetId } from "../core/output/target-id.ts";
import { diagnose } from "../core/problems/diagnose.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import { firstProblems } from "../core/problems/first-problems.ts";
import type { Problem } from "../core/problems/problem.ts";
import { secretSpans } from "../core/secrets/spans.ts";
import { hide, withoutSecrets } from "../core/secrets/hide.ts";
import { hidden } from "../core/secrets/mark.ts";
import type { Site } from "../core/site/site.ts";
import { decode } from "../core/yaml/decode.ts";
import { linesOf } from "../core/yaml/lines.ts";
import type { Parsed } from "../core/yaml/parse.ts";
import { reload as conf } from "../targets/mailcow-conf/index.ts";
import { targets } from "../targets/index.ts";
import { show } from "./descriptions.ts";
import { type Io, SurroundingsError } from "./io.ts";

/** A file after merging. */
export interface Merged {
  readonly bytes: Uint8Array;
  readonly changes: readonly ChangedValue[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the file cannot be read as what it is, so that there is nothing to compare. */
  readonly isFaulty: boolean;
  /** Both texts without secrets, one character per byte. */
  shown(): { readonly before: string; readonly after: string };
}

/** What merge reads and sets. */
export interface Merging {
  readonly site: Site;
  readonly targets: readonly TargetId[];
  readonly options: MergeOptions;
}

interface MergedFile {
  /** Its file names, the usual one first. */
  readonly names: readonly [string, ...string[]];
  /** What is done after a change, in mailcow's folder. */
  readonly reload: string;
  /** The mode of a new file; undefined if mailcow always has one. */
  readonly mode: number | undefined;
  /** The most bytes. */
  readonly limit: number;
  /** @param name the file's name in diagnostics */
  merge(bytes: Uint8Array, name: string, merging: Merging): Merged;
}

/** In the order in which they are handled. */
export const mergedFiles: Readonly<Record<MergedFileId, MergedFile>> = {
  "mailcow.conf": {
    names: ["mailcow.conf"],
    reload: conf,
    mode: undefined,
    limit: limits.mailcowConf,
    merge(bytes, name, { site, options }) {
      const before = readConf(textOfBytes(bytes));
      const { text, changes, problems } = merge(before, site, options);
      return {
        bytes: bytesOfText(text),
        changes,
        diagnostics: diagnoseConf(problems, locator(before), name),
        isFaulty: before.faults.length > 0,
        shown: () => ({ before: withoutConfSecrets(before), after: withoutConfSecrets(readConf(text)) }),
      };
    },
  },
  "data/conf/postfix/extra.cf": {
    names: ["extra.cf"],
    reload: "docker compose restart postfix-mailcow",
    mode: 0o644,
    limit: limits.mailcowConf,
    merge(bytes, name, { site, ...asked }) {
      const before = readMainCf(textOfBytes(bytes));
      const { text, changes, problems } = mergeMainCf(before, site.hostname, valuesOf("data/conf/postfix/extra.cf", { site, ...asked }));
      const shown = (cf: MainCf) => hide(cf.text, 0, cf.text.length, secretsOf(cf)).shown;
      const parsed: Parsed = { document: undefined, lines: linesOf(before.text), data: undefined, problems: [] };
      return {
        bytes: bytesOfText(text),
        changes: changes.map((change) => ({ ...change, before: change.before === undefined ? undefined : readable(change.before) })),
        diagnostics: diagnose(firstProblems(problems, limits.problems), { file: name, text: before.text, parsed, foreign: false, secrets: secretsOf(before) }),
        isFaulty: before.faults.length > 0,
        shown: () => ({ before: shown(before), after: shown(readMainCf(text)) }),
      };
    },
  },
  "data/conf/dovecot/extra.conf": {
    names: ["extra.conf"],
    reload: "docker compose restart dovecot-mailcow",
    mode: 0o644,
    limit: limits.mailcowConf,
    merge(bytes, name, merging) {
      const before = readDovecotConf(textOfBytes(bytes));
      const { text, changes, problems } = mergeDovecot(before, valuesOf("data/conf/dovecot/extra.conf", merging));
      const secrets = secretSpans(before.text);
      const parsed: Parsed = { document: undefined, lines: linesOf(before.text), data: undefined, problems: [] };
      return {
        bytes: bytesOfText(text),
        changes: changes.map((change) => ({ ...change, before: change.before === undefined ? undefined : readable(change.before) })),
        diagnostics: diagnose(firstProblems(problems, limits.problems), { file: name, text: before.text, parsed, foreign: false, secrets }),
        isFaulty: before.faults.length > 0,
        shown: () => ({ before: withoutSecrets(before.text), after: withoutSecrets(text) }),
      };
    },
  },
  "docker-compose.override.yml": {
    names: ["docker-compose.override.yml", "docker-compose.override.yaml", "compose.override.yml", "compose.override.yaml"],
    reload: "docker compose up -d",
    mode: 0o644,
    limit: limits.bytes,
    merge(bytes, name, merging) {
      const { text: before, problem } = decode(bytes);
      // Not part of the decoded text.
      const mark = problem === undefined ? bytes.subarray(0, bytes.length - new TextEncoder().encode(before).length) : new Uint8Array();
      const parsed = readCompose(before);
      const merged = problem === undefined ? mergeCompose(before, valuesOf("docker-compose.override.yml", merging), parsed) : { text: before, changes: [], problems: [problem] };
      const encoded = (text: string) => Uint8Array.from([...mark, ...new TextEncoder().encode(text)]);
      const shown = (text: string) => textOfBytes(encoded(withoutSecrets(text)));
      const diagnostics = diagnose(firstProblems<Problem["place"]>(merged.problems, limits.problems), { file: name, text: before, parsed, foreign: false });
      return { bytes: problem === undefined ? encoded(merged.text) : bytes, changes: merged.changes, diagnostics, isFaulty: problem !== undefined || parsed.problems.length > 0, shown: () => ({ before: shown(before), after: shown(merged.text) }) };
    },
  },
};

export const mergedFileIds = keysOf(mergedFiles);

/** The values of each target that has some for the file. */
function valuesOf<Id extends MergedFileId>(id: Id, { site, targets: ids }: Merging): Wanted<NonNullable<MergedValues[Id]>>[] {
  return ids.flatMap((target) => {
    const values = targets[target].merges?.(site)[id];
    return values === undefined ? [] : [{ target, values }];
  });
}

/** The files that the targets have values for. */
export function filesOf(site: Site, ids: readonly TargetId[]): MergedFileId[] {
  return mergedFileIds.filter((file) => ids.some((id) => targets[id].merges?.(site)[file] !== undefined));
}

/** @throws SurroundingsError when the file cannot be read or is too large */
export async function readMerged(io: Io, file: string, id: MergedFileId): Promise<Uint8Array> {
  const { limit, names } = mergedFiles[id];
  const bytes = await io.read(file, limit + 1);
  if (bytes.length <= limit) return bytes;
  throw new SurroundingsError(`cannot read ${file}: it is larger than ${limit} bytes, the limit for a ${names[0]}`);
}

/** Whether merge must leave the file unchanged. */
export function isRefused({ diagnostics }: Pick<Merged, "diagnostics">): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** Reports the problems of a file; `failed` when one of them is an error. */
export function tell(io: Io, merged: Pick<Merged, "diagnostics">): { failed: boolean } {
  if (merged.diagnostics.length > 0) show(io, merged.diagnostics);
  return { failed: isRefused(merged) };
}

/** @param isNew whether there is no such file yet */
export async function printDiff({ stdout, stderr }: Io, path: string, merged: Merged, isNew: boolean): Promise<void> {
  const { before, after } = merged.shown();
  const { unifiedDiff } = await import("../comparison/unified-diff.ts");
  const lines = unifiedDiff({ path, before: isNew ? undefined : before, after, placeholder: hidden });
  stdout.write(bytesOfText(lines));
  if (lines.includes(hidden)) stderr.write(`${hidden} replaces a secret next to a change, so patch and git apply will refuse this diff; use merge --write to make the change\n`);
}
