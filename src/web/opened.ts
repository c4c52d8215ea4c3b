/** Tells what an opened file is. */
import { limits } from "../core/limits.ts";
import { decode } from "../core/yaml/decode.ts";
import { checker } from "../pipeline/check.ts";
import { words } from "./words.ts";

export type Opened =
  | { readonly kind: "description"; readonly text: string }
  | { readonly kind: "conf"; readonly bytes: Uint8Array }
  /** The line that says why, if it is one line. */
  | { readonly kind: "refused"; readonly line: number | undefined; readonly why: string };

export function opened(bytes: Uint8Array): Opened {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, limits.mailcowConf));
  const conf = isConf(start);
  if (bytes.length > (conf ? limits.mailcowConf : limits.bytes)) return { kind: "refused", line: undefined, why: words.tooLarge };
  if (conf) return { kind: "conf", bytes };
  const { text, problem } = decode(bytes);
  if (problem === undefined) return { kind: "description", text };
  const [first] = checker()({ source: bytes, file: "" }).diagnostics;
  return { kind: "refused", line: first?.line, why: first?.message ?? words.notText };
}

/** Whether a text is a mailcow.conf, or a part of one, and not a description. */
export function isConf(text: string): boolean {
  return /^[ \t]*(?:export[ \t]+)?[A-Z][A-Z0-9_]*=/m.test(text) && !/^hostname[ \t]*:/m.test(text);
}
