/** The generated files, a tab each. */
import { useMemo, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { OutputFile } from "../core/output/output-file.ts";
import { Code } from "./code.tsx";
import { Commands } from "./commands.tsx";
import { copy, download } from "./deliver.ts";
import { DiffView } from "./diff.tsx";
import { Tabs } from "./tabs.tsx";
import { titleOf, words } from "./words.ts";

interface Props {
  readonly files: readonly OutputFile[];
  /** Whether they are those before a mistake. */
  readonly stale: boolean;
  /** Whether newer ones are being made. */
  readonly busy: boolean;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  readonly diff: (path: string, before: string, after: string) => string | undefined;
  readonly onArchive: () => void;
  readonly onFailedCopy: () => void;
  /** What stands above the files. */
  readonly problems: ComponentChildren;
  /** Further tabs. */
  readonly extras: readonly { readonly id: string; readonly label: string; readonly content: ComponentChildren }[];
  /** What stands above a file. */
  readonly offer: (file: OutputFile) => ComponentChildren;
}

export function Files({ files, stale, busy, chosen, onChoose, diff, onArchive, onFailedCopy, problems, extras, offer }: Props) {
  const [copies, setCopies] = useState<ReadonlyMap<string, string>>(new Map());
  const listed = files.map((file) => ({ id: idOf(file, files), label: labelOf(file, files), file }));
  const tabs = [...listed, ...extras];
  const current = tabs.some(({ id }) => id === chosen) ? chosen : (tabs[0]?.id ?? "");
  const file = listed.find(({ id }) => id === current)?.file;
  const extra = extras.find(({ id }) => id === current);
  const copied = copies.get(current);
  const differs = ({ id, file: { content } }: (typeof listed)[number]) => (copies.get(id) ?? content) !== content;
  return (
    <section class="files" id="files" aria-label={words.files} aria-busy={busy} tabIndex={-1}>
      {problems}
      <div class="bar">
        <Tabs label={words.files} prefix="file" tabs={tabs.map((tab) => ({ id: tab.id, label: tab.label, dot: "file" in tab && differs(tab) }))} chosen={current} onChoose={onChoose} />
        <button type="button" class="all" onClick={onArchive}>{words.all}</button>
      </div>
      {file === undefined ? null : (
        <div role="tabpanel" id={`panel-${current}`} aria-labelledby={`file-${current}`} class={stale ? "panel stale" : "panel"}>
          <FileView file={file} copied={copied} stale={stale} diff={diff} offer={offer(file)} onKeep={() => setCopies(new Map(copies).set(current, file.content))} onFailedCopy={onFailedCopy} />
        </div>
      )}
      {extra === undefined ? null : <div role="tabpanel" id={`panel-${current}`} aria-labelledby={`file-${current}`} class="panel">{extra.content}</div>}
    </section>
  );
}

/** The same for a file when the hostname in its path changes. */
function idOf({ target, path }: OutputFile, files: readonly OutputFile[]): string {
  return `${target}-${files.filter((file) => file.target === target).findIndex((file) => file.path === path)}`;
}

interface ViewProps {
  readonly file: OutputFile;
  readonly copied: string | undefined;
  readonly stale: boolean;
  readonly diff: Props["diff"];
  readonly offer: ComponentChildren;
  readonly onKeep: () => void;
  readonly onFailedCopy: () => void;
}

function FileView({ file, copied, stale, diff, offer, onKeep, onFailedCopy }: ViewProps) {
  const [comparing, setComparing] = useState(false);
  const [done, setDone] = useState(false);
  const { content, path, installPath, host, mode, group } = file;
  const changed = copied !== undefined && copied !== content;
  const commands = useMemo(() => commandsOf(file), [file]);
  const difference = changed && comparing ? diff(installPath ?? path, copied, content) : undefined;
  const take = async () => {
    if (!(await copy(content))) return onFailedCopy();
    setDone(true);
    setTimeout(() => setDone(false), 1500);
    onKeep();
  };
  return (
    <>
      <header>
        <p class="place">
          {installPath === undefined ? <span>{words.paste}</span> : <><span class="quiet">{words.installAs}</span> <code>{installPath}</code></>}
          <span class="quiet facts">{[...(host === "mailcow" ? [words.onMailcow] : []), ...(mode === "0644" && group === undefined ? [] : [words.modeOf(mode, group)])].join(", ")}</span>
        </p>
        <div class="actions">
          {changed ? <button type="button" aria-pressed={comparing} onClick={() => setComparing(!comparing)}>{words.changes}</button> : null}
          <button type="button" onClick={() => { download(new Blob([content], { type: "text/plain" }), baseName(path)); onKeep(); }}>{words.download}</button>
          <button type="button" class="primary" onClick={() => void take()}>{done ? words.copied : words.copy}</button>
        </div>
      </header>
      {offer}
      {stale ? <p class="notice">{words.stale}</p> : null}
      {difference === undefined ? <Code text={content} label={path} plain={stale} /> : <DiffView text={difference} label={words.changes} />}
      {commands.length === 0 ? null : <Commands commands={commands} onFailedCopy={onFailedCopy} />}
    </>
  );
}

/**
 * The commands in a file's head: comment lines that are indented, but for those that go on with a list's item. Without any,
 * how to make the file take effect.
 */
function commandsOf({ content, validate, reload, install }: OutputFile): string[] {
  // In extra.cf, mailcow's own line is before the head.
  const [head = ""] = /^(?:\w.*\n(?=#))?(?:#.*\n)+/.exec(content) ?? [];
  const found: string[] = [];
  let inItem = false;
  for (const line of head.split("\n")) {
    const [, command] = /^# {3,}(\S.*)$/.exec(line) ?? [];
    if (command === undefined) inItem = /^# [-*] /.test(line);
    else if (!inItem) found.push(command);
  }
  return found.length > 0 || install === "pasted" ? found : [...(validate === undefined ? [] : [validate]), reload];
}

/** The title of the target, with the end of the file's name where it has several. */
function labelOf({ target, path }: OutputFile, files: readonly OutputFile[]): string {
  const title = titleOf(target);
  const others = files.filter((file) => file.target === target).map((file) => baseName(file.path));
  if (others.length < 2) return title;
  const name = baseName(path);
  const length = commonStart(others);
  const end = name.slice(length).replace(/^[-.]+/, "");
  return end === "" ? title : `${title} ${end}`;
}

/** The number of characters that all names begin with, up to the last separator. */
function commonStart(names: readonly string[]): number {
  const [first = "", ...others] = names;
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  return Math.max(first.lastIndexOf("-", length), first.lastIndexOf(".", length)) + 1;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
