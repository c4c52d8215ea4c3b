/** A link that holds a description in its fragment, which browsers send to nobody. */
import { limits } from "../core/limits.ts";

/** The first version of the form: raw deflate in base64url. */
const version = "#1=";

/** Characters of a fragment that are looked at: the longest description is shorter than that. */
const longest = 2 * limits.size;

/** The fragment for a description. */
export async function fragmentOf(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `${version}${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** Why a fragment is refused. */
export type Refusal = "other-version" | "too-long" | "broken";

/** The description in a fragment; undefined when there is none. */
export async function textOf(fragment: string): Promise<{ readonly text: string } | { readonly refused: Refusal } | undefined> {
  if (!/^#\d+=/.test(fragment)) return undefined;
  if (!fragment.startsWith(version)) return { refused: "other-version" };
  if (fragment.length > longest) return { refused: "too-long" };
  try {
    const binary = atob(fragment.slice(version.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await inflated(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    return bytes === undefined ? { refused: "too-long" } : { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { refused: "broken" };
  }
}

/** Undefined when there is more than a description may have. */
async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    if (size > limits.size) {
      await reader.cancel();
      return undefined;
    }
    pieces.push(piece.value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}
