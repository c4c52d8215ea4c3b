/** The page. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Value } from "../core/description/new-description.ts";
import { marksIn } from "../core/problems/marks.ts";
import type { Diagnostic } from "../core/problems/diagnostic.ts";
import type { ToMerge } from "./merge-file.ts";
import type { MergedFileId } from "../core/merged/values.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import { copy, download } from "./deliver.ts";
import { editsFor } from "./edit.ts";
import { Editor } from "./editor.tsx";
import { Files } from "./files.tsx";
import { Form, Single } from "./form.tsx";
import { FormActionsContext, FormContext, fieldOf, foundAt, idOf } from "./form-state.ts";
import { fragmentOf, textOf } from "./link.ts";
import { MergedView } from "./merged.tsx";
import { bringTools } from "./parts.ts";
import { Problems } from "./problems.tsx";
import { fields } from "./schema.ts";
import { Situations } from "./situations.tsx";
import { Tabs } from "./tabs.tsx";
import { openEach, useDropped, usePasted, usePrinted } from "./surroundings.ts";
import { useDescription } from "./use-description.ts";
import { normal, useOpened } from "./use-opened.ts";
import { words } from "./words.ts";

/** What the page begins with. */
const first = "hostname: mail.example.org\n";

interface Message {
  readonly text: string;
  readonly undo: boolean;
}

export function App() {
  const [message, setMessage] = useState<Message | undefined>(undefined);
  const say = useCallback((text: string, { undo = false }: { undo?: boolean } = {}) => setMessage({ text, undo }), []);
  const { history, checked, good, busy, editable, tools, setText, edit, undo, redo } = useDescription(first, useCallback(() => say(words.broken), [say]));
  const [view, setView] = useState("form");
  const [tab, setTab] = useState("");
  const [pending, setPending] = useState<ReadonlyMap<string, Value | undefined>>(new Map());
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { diagnostics, data, files } = checked;

  const { files: openFiles, open, choose, close } = useOpened({ setText, say, onOpen: setTab });
  // What the reader said that the next file is.
  const wanted = useRef<MergedFileId | undefined>(undefined);
  const pick = (id?: MergedFileId) => {
    wanted.current = id;
    picker.current?.click();
  };

  useDropped(open);
  usePasted(useMemo(() => tools && ((text: string) => tools.mergedFileIn(text) !== undefined), [tools]), open);
  usePrinted(good?.files ?? []);
  useFragment(useCallback((text, refused) => {
    if (refused !== undefined) return say(words.linkRefused[refused]);
    setText(normal(text), "link");
    say(words.loaded, { undo: true });
  }, [say, setText]));

  const change = useCallback((pointer: string, value: Value | undefined) => {
    if (!editable) setPending((before) => new Map(before).set(pointer, value));
    void edit((current) => editsFor(current, pointer, value), pointer).then((done) => done || say(words.broken));
  }, [edit, say, editable]);
  const onHelp = useCallback(({ edits }: Diagnostic) => {
    void edit(() => edits, "help").then((done) => done || say(words.broken));
  }, [edit, say]);
  // Made once, because nothing in it depends on the description.
  const menu = useMemo(() => <Situations onChoose={(title, text) => { setText(text, "situation"); say(words.chosen(title), { undo: true }); }} />, [setText, say]);
  const onLine = useCallback((diagnostic: Diagnostic) => {
    setView("yaml");
    requestAnimationFrame(() => {
      const { start, end } = marksIn(history.text)(diagnostic);
      area.current?.focus();
      area.current?.setSelectionRange(start, end);
      document.querySelector(`.gutter :nth-child(${diagnostic.line})`)?.scrollIntoView({ block: "center" });
    });
  }, [history.text]);
  const toField = useCallback((diagnostic: Diagnostic) => {
    const field = fieldOf(diagnostic);
    return field === undefined || data === undefined ? undefined : () => showField(field.pointer, setView);
  }, [data]);
  const failedCopy = () => say(words.copyFailed);
  const merge = useMemo(() => {
    const { site, targets } = checked;
    return tools === undefined || site === undefined ? undefined : (file: ToMerge) => tools.mergeFile(site, targets, file);
  }, [checked, tools]);
  const offer = ({ install, installPath }: OutputFile) => {
    const id = install === "merged" && installPath !== undefined ? tools?.mergedFileAt(installPath) : undefined;
    const [name] = id === undefined ? [] : (tools?.mergedFiles[id].names ?? []);
    return id === undefined || name === undefined || openFiles.has(id) ? null : <p class="offer"><span>{words.mergedOffer}</span> <button type="button" class="small" onClick={() => pick(id)}>{words.mergedOpen(name)}</button></p>;
  };

  // By then they are in the data, or refused.
  useEffect(() => setPending((before) => (before.size === 0 ? before : new Map())), [checked]);
  const form = useMemo(() => ({ data, pending, diagnostics, found: foundAt(diagnostics) }), [data, pending, diagnostics]);
  const actions = useMemo(() => ({ change, onHelp, complete: tools !== undefined }), [change, onHelp, tools]);
  const hostname = fields.find(({ name }) => name === "hostname");
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const state = words.state(files?.length ?? 0, errors, diagnostics.filter(({ severity }) => severity === "warning").length);
  const broken = data === undefined && history.text.trim() !== "";

  return (
    <FormActionsContext.Provider value={actions}><FormContext.Provider value={form}>
      <header class="top">
        <p class="mark"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M4 5c0 3 1 4 3 4.500M20 5c0 3-1 4-3 4.500M7 9.500h10v5a5 5 0 0 1-10 0z M10 15h.01M14 15h.01" /></svg> {words.title}</p>
        <nav aria-label="Page">
          <button type="button" class="quiet-button" onClick={() => void copyLink(history.text, say)}>{words.copyLink}</button>
        </nav>
      </header>
      <main data-complete={tools !== undefined}>
        <div class="left">
          <h1>{words.claim}</h1>
          <p class="promise">{words.promise}</p>
          <fieldset class="plain hero" disabled={broken}>{hostname === undefined ? null : <Single field={hostname} label={words.hostname} />}</fieldset>
          <div class="tools">
            {menu}
            <button type="button" onClick={() => pick()}>{words.open}</button>
            <input ref={picker} type="file" multiple hidden onChange={({ currentTarget }) => {
              void openEach([...(currentTarget.files ?? [])], open, wanted.current);
              currentTarget.value = "";
            }} />
          </div>
          <div class="switch">
            <Tabs label={words.source} prefix="view" tabs={[{ id: "form", label: words.form }, { id: "yaml", label: words.yaml }]} chosen={view} onChoose={setView} />
            <span class="spacer" />
            <button type="button" class="quiet-button" disabled={history.before.length === 0} onClick={undo}>{words.undo}</button>
            <button type="button" class="quiet-button" disabled={history.after.length === 0} onClick={redo}>{words.redo}</button>
          </div>
          {view === "form" ? (
            <div role="tabpanel" id="panel-form" aria-labelledby="view-form">
              {broken ? <p class="notice">{words.yamlBroken}</p> : null}
              <fieldset class="plain" disabled={broken}><Form leaveOut="hostname" /></fieldset>
            </div>
          ) : (
            <div role="tabpanel" id="panel-yaml" aria-labelledby="view-yaml">
              <Editor text={history.text} diagnostics={checked.text === history.text ? diagnostics : []} onText={(text) => setText(text, "yaml")} area={area} onHelp={onHelp} />
            </div>
          )}
        </div>
        <div class="right">
          <Files
            files={good?.files ?? []}
            stale={files === undefined}
            busy={busy}
            chosen={tab}
            onChoose={setTab}
            diff={(path, before, after) => tools?.unifiedDiff({ path, before, after })}
            onArchive={() => void bringTools().then(({ archive }) => archive(good?.files ?? [])).then((blob) => download(blob, `mailcow-proxy-${good?.site?.hostname ?? ""}.tar.gz`))}
            onFailedCopy={failedCopy}
            problems={<Problems diagnostics={diagnostics} onHelp={onHelp} onLine={onLine} fieldOf={toField} />}
            extras={[...openFiles.values()].map((file) => ({
              id: file.id,
              label: words.yours(file.name),
              content: <MergedView file={file} merge={merge} onOptions={(options) => choose(file, options)} onClose={() => { close(file); document.getElementById("files")?.focus(); }} onFailedCopy={failedCopy} />,
            }))}
            offer={offer}
          />
        </div>
      </main>
      <footer><p>{words.foot}</p></footer>
      <div class="status">
        <p role="status" id="state" class={errors > 0 ? "error" : ""}>{state}</p>
        <a href="#files" onClick={(event) => {
          event.preventDefault();
          const target = document.getElementById("files");
          target?.scrollIntoView();
          target?.focus();
        }}>{words.toFiles}</a>
      </div>
      <div role="status" class="message-area">
        {message === undefined ? null : (
          <div class="message">
            <p>{message.text}</p>
            {message.undo ? <button type="button" onClick={() => { undo(); setMessage(undefined); }}>{words.undo}</button> : null}
            <button type="button" aria-label={words.dismiss} onClick={() => setMessage(undefined)}>×</button>
          </div>
        )}
      </div>
      <div class="drop-hint" aria-hidden="true"><p>{words.drop}</p></div>
    </FormContext.Provider></FormActionsContext.Provider>
  );
}

/** Opens what the field is in, and puts the cursor there. */
function showField(pointer: string, setView: (view: string) => void): void {
  setView("form");
  requestAnimationFrame(() => {
    const element = document.getElementById(idOf(pointer));
    for (let around = element?.closest("details"); around !== null && around !== undefined; around = around.parentElement?.closest("details")) around.open = true;
    element?.scrollIntoView({ block: "center" });
    element?.focus();
  });
}

async function copyLink(text: string, say: (text: string) => void): Promise<void> {
  const [page = ""] = location.href.split("#");
  const done = await copy(`${page}${await fragmentOf(text)}`);
  if (!done) return say(words.copyFailed);
  say(/\$2y\$/.test(text) ? words.linkHashes : location.protocol === "file:" ? words.linkLocal : words.linkCopied);
}

/** Reads the description in the page's fragment, at the start and when it changes. */
function useFragment(onText: (text: string, refused: keyof typeof words.linkRefused | undefined) => void): void {
  useEffect(() => {
    const look = () => void textOf(location.hash).then((found) => found !== undefined && onText("text" in found ? found.text : "", "refused" in found ? found.refused : undefined));
    look();
    addEventListener("hashchange", look);
    return () => removeEventListener("hashchange", look);
  }, [onText]);
}
