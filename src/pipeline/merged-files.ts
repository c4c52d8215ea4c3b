/**
 * mailcow's files that merge changes: what each is, and how the values of targets get into it. The command and the page ask
 * this table, so a new file is one entry here.
 */
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
import type { Span } from "../core/secrets/spans.ts";
import type { Site } from "../core/site/site.ts";
import { decode } from "../core/yaml/decode.ts";
import { linesOf } from "../core/yaml/lines.ts";
import { codePoints } from "../core/yaml/locate.ts";
import type { Parsed } from "../core/yaml/parse.ts";
import { reload as conf } from "../targets/mailcow-conf/index.ts";
import { targets } from "../targets/index.ts";

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
  /** Whether a text without a name, which is not a description, looks like it. */
  readonly looksLike: (text: string) => boolean;
  /** The options that it heeds. */
  readonly options: readonly (keyof MergeOptions)[];
  /** What is done after a change, in mailcow's folder. */
  readonly reload: string;
  /** The mode of a new file; undefined if mailcow always has one. */
  readonly mode: number | undefined;
  /** The most bytes. */
  readonly limit: number;
  /** @param name the file's name in diagnostics */
  merge(bytes: Uint8Array, name: string, merging: Merging): Merged;
}

const compose = /^(?:\{[ \t]*)?["']?services["']?[ \t]*:/m;

/** In the order in which they are handled. */
export const mergedFiles: Readonly<Record<MergedFileId, MergedFile>> = {
  "mailcow.conf": {
    names: ["mailcow.conf"],
    looksLike: (text) => /^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]*=/m.test(text) && !compose.test(text),
    options: ["removeEntries", "renameHostname"],
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
    // Other programs have lines of the same form, so only names that are Postfix's count.
    looksLike: (text) => /^(?:my(?:hostname|networks|origin|destination)|smtpd?_\w+|relay\w+|virtual_\w+|milter_\w+|postscreen_\w+|(?:message|mailbox)_size_limit|transport_maps|header_checks)[ \t]*=/m.test(text),
    options: [],
    reload: "docker compose restart postfix-mailcow",
    mode: 0o644,
    limit: limits.mailcowConf,
    merge(bytes, name, { site, ...asked }) {
      const before = readMainCf(textOfBytes(bytes));
      const { text, changes, problems } = mergeMainCf(before, site.hostname, valuesOf("data/conf/postfix/extra.cf", { site, ...asked }));
      const shown = (cf: MainCf) => hide(cf.text, 0, cf.text.length, secretsOf(cf)).shown;
      return {
        bytes: bytesOfText(text),
        changes: changes.map((change) => ({ ...change, before: change.before === undefined ? undefined : readable(change.before) })),
        diagnostics: diagnoseBytes(problems, name, before.text, secretsOf(before)),
        isFaulty: before.faults.length > 0,
        shown: () => ({ before: shown(before), after: shown(readMainCf(text)) }),
      };
    },
  },
  "data/conf/dovecot/extra.conf": {
    names: ["extra.conf"],
    // Here, too, only names that are Dovecot's count.
    looksLike: (text) => /^(?:haproxy_trusted_networks|(?:mail|auth|login|imap|pop3|lmtp|sieve|quota|fts|doveadm)_\w+)[ \t]*=/m.test(text) || /^(?:service|protocol|namespace|passdb|userdb|plugin)(?: \w+)? \{/m.test(text),
    options: [],
    reload: "docker compose restart dovecot-mailcow",
    mode: 0o644,
    limit: limits.mailcowConf,
    merge(bytes, name, merging) {
      const before = readDovecotConf(textOfBytes(bytes));
      const { text, changes, problems } = mergeDovecot(before, valuesOf("data/conf/dovecot/extra.conf", merging));
      return {
        bytes: bytesOfText(text),
        changes: changes.map((change) => ({ ...change, before: change.before === undefined ? undefined : readable(change.before) })),
        diagnostics: diagnoseBytes(problems, name, before.text, secretSpans(before.text)),
        isFaulty: before.faults.length > 0,
        shown: () => ({ before: withoutSecrets(before.text), after: withoutSecrets(text) }),
      };
    },
  },
  "docker-compose.override.yml": {
    names: ["docker-compose.override.yml", "docker-compose.override.yaml", "compose.override.yml", "compose.override.yaml"],
    looksLike: (text) => compose.test(text),
    options: [],
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

/** The diagnostics about a text with one character per byte, whose source lines are for people. */
function diagnoseBytes(problems: readonly Problem[], file: string, text: string, secrets: readonly Span[]): Diagnostic[] {
  const parsed: Parsed = { document: undefined, lines: linesOf(text), data: undefined, problems: [] };
  const columns = (part: string) => codePoints(readable(part));
  return diagnose(firstProblems(problems, limits.problems), { file, text, parsed, foreign: false, secrets }).map(({ source = "", column, length, ...rest }) => ({
    ...rest,
    source: readable(source),
    column: columns(source.slice(0, column - 1)) + 1,
    length: Math.max(1, columns(source.slice(column - 1, column - 1 + length))),
  }));
}

/** The values of each target that has some for the file. */
function valuesOf<Id extends MergedFileId>(id: Id, { site, targets: ids }: Merging): Wanted<NonNullable<MergedValues[Id]>>[] {
  return ids.flatMap((target) => {
    const values = targets[target].merges?.(site)[id];
    return values === undefined ? [] : [{ target, values }];
  });
}

/** The targets that set values in such files. */
export function mergingOf(ids: readonly TargetId[]): TargetId[] {
  return ids.filter((id) => targets[id].merges !== undefined);
}

/** Which of the files is installed at a path; undefined for all others. */
export function mergedFileAt(path: string): MergedFileId | undefined {
  return mergedFileIds.find((id) => path.endsWith(`/${id}`));
}

/** Which of the files has this name. */
export function mergedFileNamed(name: string): MergedFileId | undefined {
  return mergedFileIds.find((id) => mergedFiles[id].names.includes(name));
}

/** Which of the files a text is; undefined for all others. */
export function mergedFileIn(text: string): MergedFileId | undefined {
  return /^hostname[ \t]*:/m.test(text) ? undefined : mergedFileIds.find((id) => mergedFiles[id].looksLike(text));
}

/** The files that the targets have values for. */
export function filesOf(site: Site, ids: readonly TargetId[]): MergedFileId[] {
  return mergedFileIds.filter((file) => ids.some((id) => targets[id].merges?.(site)[file] !== undefined));
}

/** Whether merge must leave the file unchanged. */
export function isRefused({ diagnostics }: Pick<Merged, "diagnostics">): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}
