/** The description and what follows from it, for the components. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { DocumentEdit } from "../core/yaml/apply-edits.ts";
import { type Checked, check } from "./check.ts";
import { isMapping } from "./data.ts";
import { type History, begun, changed, redone, undone } from "./history.ts";
import { type Editing, type Tools, bringEditing, bringTools } from "./parts.ts";
import { fields } from "./schema.ts";
import { lacksTargets } from "./targets.ts";

export interface Described {
  readonly history: History;
  /** Of the newest text that was checked. */
  readonly checked: Checked;
  /** The newest one with files. */
  readonly good: Checked | undefined;
  /** Whether the files are not those of the text yet. */
  readonly busy: boolean;
  /** Whether a description can be changed at once. */
  readonly editable: boolean;
  /** Undefined until they are there, with all targets. */
  readonly tools: Tools | undefined;
  readonly setText: (text: string, by: string) => void;
  /** Makes edits. False when the text has no place for them. */
  readonly edit: (edits: (data: unknown) => readonly DocumentEdit[], by: string) => Promise<boolean>;
  readonly undo: () => void;
  readonly redo: () => void;
}

/** A check that takes longer waits for a pause in typing. */
const quick = 100;
const longestPause = 300;

export function useDescription(first: string, onFault: () => void): Described {
  const [history, setHistory] = useState<History>(() => begun(first));
  const [checked, setChecked] = useState<Checked>(() => check(first));
  const [good, setGood] = useState<Checked | undefined>(() => (checked.files === undefined ? undefined : checked));
  const [tools, setTools] = useState<Tools | undefined>(undefined);
  const [editing, setEditing] = useState<Editing | undefined>(undefined);
  const newest = useRef({ history, checked });
  const waiting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const judge = useCallback((text: string) => {
    const next = safely(text);
    if (next === undefined) return onFault();
    newest.current.checked = next;
    setChecked(next);
    if (next.files !== undefined) setGood(next);
  }, [onFault]);

  const show = useCallback((next: History) => {
    if (next === newest.current.history) return;
    newest.current.history = next;
    setHistory(next);
    clearTimeout(waiting.current);
    const { took } = newest.current.checked;
    if (took < quick) judge(next.text);
    else waiting.current = setTimeout(() => judge(next.text), Math.min(longestPause, took));
  }, [judge]);

  useEffect(() => {
    void bringEditing(askedTargets(newest.current.checked.data)).then(async (module) => {
      setEditing(module);
      judge(newest.current.history.text);
      // The description may have become another one, and the file of another program may be opened.
      setTools(await bringTools());
      judge(newest.current.history.text);
    });
  }, [judge]);

  const setText = useCallback((text: string, by: string) => show(changed(newest.current.history, text, by, performance.now())), [show]);

  const edit = useCallback(async (edits: (data: unknown) => readonly DocumentEdit[], by: string) => {
    // Without waiting once they are there, so that the key press and what follows from it are one change of the page.
    const { applyEdits } = editing ?? await bringEditing([]);
    const { text } = newest.current.history;
    const { data, text: known } = newest.current.checked;
    const current = known === text ? data : check(text).data;
    const base = current === undefined && isBlank(text) ? `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}hostname: ""\n` : text;
    try {
      setText(applyEdits(base, edits(current)), by);
      return true;
    } catch {
      return false;
    }
  }, [editing, setText]);

  return {
    history,
    checked,
    good,
    busy: editing === undefined || checked.text !== history.text || (tools === undefined && lacksTargets(askedTargets(checked.data))),
    editable: editing !== undefined,
    tools,
    setText,
    edit,
    undo: useCallback(() => show(undone(newest.current.history)), [show]),
    redo: useCallback(() => show(redone(newest.current.history)), [show]),
  };
}

const usual = fields.find(({ name }) => name === "targets")?.default;

/** The targets that a description names or, without any, the usual ones. */
function askedTargets(data: unknown): string[] {
  const named = isMapping(data) ? (data["targets"] ?? usual) : usual;
  return Array.isArray(named) ? named.map(String) : [];
}

/** Undefined for a fault of the page itself, which must not stop it. */
function safely(text: string): Checked | undefined {
  try {
    return check(text);
  } catch {
    return undefined;
  }
}

/** Whether a text has nothing but comments. */
function isBlank(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:#|$)/.test(line));
}
