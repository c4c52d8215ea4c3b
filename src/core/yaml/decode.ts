/** Decodes bytes. Descriptions are in UTF-8, with or without a byte order mark. */
import { limits } from "../limits.ts";
import type { Problem } from "../problems/problem.ts";

export interface Decoded {
  /** The text, with U+FFFD for bytes that are not UTF-8, so that the line can be shown. */
  readonly text: string;
  readonly problem: Problem | undefined;
}

export function decode(source: string | Uint8Array): Decoded {
  if (typeof source === "string") return { text: withoutMark(source), problem: undefined };
  // Text of this size is too large anyway, and may be cut within a character.
  const bytes = source.subarray(0, limits.bytes);
  const stream = bytes.length === limits.bytes;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream }), problem: undefined };
  } catch {
    const text = new TextDecoder().decode(bytes);
    return { text, problem: { code: "not-utf-8", arguments: {}, place: { offset: firstInvalid(text, bytes) } } };
  }
}

function withoutMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

/** The offset of the first U+FFFD that is not in the bytes, which is where the bytes are not UTF-8. */
function firstInvalid(text: string, bytes: Uint8Array): number {
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const encoder = new TextEncoder();
  let at = mark;
  for (let offset = text.indexOf("\ufffd"), from = 0; offset !== -1; offset = text.indexOf("\ufffd", from)) {
    at += encoder.encode(text.slice(from, offset)).length;
    if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) return offset;
    at += 3;
    from = offset + 1;
  }
  return 0;
}
