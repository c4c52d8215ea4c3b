/** What comes from outside the page's own controls: dropped and pasted files, and printing. */
import { useEffect } from "preact/hooks";
import type { MergedFileId } from "../core/merged/values.ts";
import type { OutputFile } from "../core/output/output-file.ts";
import type { Given } from "./opened.ts";

type Open = (file: Given) => Promise<void>;

/** Opens files one after the other. */
export async function openEach(files: readonly File[], open: Open, as?: MergedFileId): Promise<void> {
  for (const file of files) await open({ bytes: new Uint8Array(await file.arrayBuffer()), name: file.name, as });
}

/** Files may be dropped anywhere. */
export function useDropped(open: Open): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      document.body.classList.toggle("dropping", event.type === "dragover");
      if (event.type === "drop") void openEach([...event.dataTransfer.files], open);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) document.body.classList.remove("dropping");
    };
    document.addEventListener("dragover", over);
    document.addEventListener("drop", over);
    document.addEventListener("dragleave", leave);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", over);
      document.removeEventListener("dragleave", leave);
    };
  }, [open]);
}

/**
 * A pasted file of mailcow is opened wherever it is pasted, and not put into a field: nobody should see it.
 *
 * @param isMerged undefined until the page can tell; text of several lines waits for that
 */
export function usePasted(isMerged: ((text: string) => boolean) | undefined, open: Open): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (files.length === 0 && !(isMerged?.(text) ?? text.includes("\n"))) return;
      event.preventDefault();
      if (files.length > 0) void openEach(files, open);
      else void open({ bytes: new TextEncoder().encode(text), name: undefined });
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [isMerged, open]);
}

/** On paper are the files, all of them, and nothing else. */
export function usePrinted(files: readonly OutputFile[]): void {
  useEffect(() => {
    const paper = document.getElementById("paper");
    const fill = () => paper?.replaceChildren(...files.flatMap(({ path, installPath, content }) => [titled("h2", installPath ?? path), titled("pre", content)]));
    const clear = () => paper?.replaceChildren();
    addEventListener("beforeprint", fill);
    addEventListener("afterprint", clear);
    return () => {
      removeEventListener("beforeprint", fill);
      removeEventListener("afterprint", clear);
    };
  }, [files]);
}

function titled(name: "h2" | "pre", text: string): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
