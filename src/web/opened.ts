/** Tells what an opened file is. */
import { limits } from "../core/limits.ts";
import type { MergedFileId } from "../core/merged/values.ts";
import { decode } from "../core/yaml/decode.ts";
import { checker } from "../pipeline/check.ts";
import type { Tools } from "./parts.ts";
import { words } from "./words.ts";

/** A file from the picker, a drop or the clipboard. */
export interface Given {
  readonly bytes: Uint8Array;
  /** Undefined for text. */
  readonly name: string | undefined;
  /** What the reader said that it is. */
  readonly as?: MergedFileId | undefined;
}

export type Opened =
  | { readonly kind: "description"; readonly text: string }
  | { readonly kind: "merged"; readonly id: MergedFileId }
  /** The line that says why, if it is one line. */
  | { readonly kind: "refused"; readonly line: number | undefined; readonly why: string };

/** A file of mailcow is known by its name or, with another name, by its text. All others are descriptions. */
export function opened({ bytes, name = "", as }: Given, { mergedFiles, mergedFileNamed, mergedFileIn }: Tools): Opened {
  const id = as ?? mergedFileNamed(name) ?? mergedFileIn(new TextDecoder("latin1").decode(bytes.subarray(0, limits.mailcowConf)));
  if (bytes.length > (id === undefined ? limits.bytes : mergedFiles[id].limit)) return { kind: "refused", line: undefined, why: words.tooLarge };
  if (id !== undefined) return { kind: "merged", id };
  const { text, problem } = decode(bytes);
  if (problem === undefined) return { kind: "description", text };
  const [first] = checker()({ source: bytes, file: "" }).diagnostics;
  return { kind: "refused", line: first?.line, why: first?.message ?? words.notText };
}
