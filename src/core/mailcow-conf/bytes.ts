/** Bytes as text with one character per byte, so that every encoding is preserved. */

export function textOfBytes(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4096) parts.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
  return parts.join("");
}

export function bytesOfText(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The text decoded as UTF-8 for people, with U+FFFD for invalid bytes. */
export function readable(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytesOfText(text));
}
