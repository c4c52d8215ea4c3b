/** The files of mailcow that are open, and how files get in. */
import { useCallback, useState } from "preact/hooks";
import type { MergeOptions } from "../core/mailcow-conf/merge.ts";
import type { MergedFileId } from "../core/merged/values.ts";
import type { OpenFile } from "./merged.tsx";
import { type Given, opened } from "./opened.ts";
import { bringTools } from "./parts.ts";
import { words } from "./words.ts";

interface Surroundings {
  readonly setText: (text: string, by: string) => void;
  readonly say: (text: string, options?: { undo?: boolean }) => void;
  /** Called with the ID of the file that was opened last. */
  readonly onOpen: (id: MergedFileId) => void;
}

/** In the order in which they were opened. */
type OpenFiles = ReadonlyMap<MergedFileId, OpenFile>;

export function useOpened({ setText, say, onOpen }: Surroundings) {
  const [files, setFiles] = useState<OpenFiles>(new Map());

  const open = useCallback(async (given: Given) => {
    const tools = await bringTools();
    const file = opened(given, tools);
    if (file.kind === "refused") return say(words.refused(file.line, file.why));
    if (file.kind === "description") {
      setText(normal(file.text), "open");
      return say(words.openedDescription, { undo: true });
    }
    const { id } = file;
    const { bytes } = given;
    const { names: [name], options } = tools.mergedFiles[id];
    // The only one that says how mailcow is installed.
    const taken = id === "mailcow.conf" ? tools.describeMailcowConf(bytes) : undefined;
    setFiles((before) => new Map(before).set(id, { id, bytes, name, options: {}, choices: options, taken: taken?.diagnostics ?? [] }));
    onOpen(id);
    if (taken?.description === undefined) return say(words.openedMerged(name));
    setText(taken.description, "open");
    say(words.opened, { undo: true });
  }, [say, setText, onOpen]);

  return {
    files,
    open,
    choose: (file: OpenFile, options: MergeOptions) => setFiles(new Map(files).set(file.id, { ...file, options })),
    close: (file: OpenFile) => setFiles(new Map([...files].filter(([id]) => id !== file.id))),
  };
}

/** A text area has line feeds only. */
export function normal(text: string): string {
  return text.replace(/^\ufeff/, "").replaceAll(/\r\n?/g, "\n");
}
