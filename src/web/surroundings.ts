/** What comes from outside the page's own controls: dropped and pasted files, and printing. */
import { useEffect } from "preact/hooks";
import type { OutputFile } from "../core/output/output-file.ts";

type Open = (bytes: Uint8Array) => Promise<void>;

export async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** A file may be dropped anywhere. */
export function useDropped(open: Open): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      document.body.classList.toggle("dropping", event.type === "dragover");
      const [file] = event.type === "drop" ? event.dataTransfer.files : [];
      if (file !== undefined) void bytesOf(file).then(open);
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

/** A pasted mailcow.conf is opened wherever it is pasted, and not put into a field: nobody should see it. */
export function usePasted(isConf: (text: string) => boolean, open: Open): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const [file] = event.clipboardData?.files ?? [];
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (file === undefined && !isConf(text)) return;
      event.preventDefault();
      if (file !== undefined) void bytesOf(file).then(open);
      else void open(new TextEncoder().encode(text));
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [isConf, open]);
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
