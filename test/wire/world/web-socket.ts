/** Just enough of WebSocket (RFC 6455) for an echo of short texts. */
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";

export const key = "dGhlIHNhbXBsZSBub25jZQ==";

/** The header lines of a client. */
export const handshake = [["Connection", "Upgrade"], ["Upgrade", "websocket"], ["Sec-WebSocket-Version", "13"], ["Sec-WebSocket-Key", key]] as const;

/** The answer to the client's key. */
export function accept(clientKey: string): string {
  return createHash("sha1").update(`${clientKey}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}

/** A text frame of a client, whose frames are masked, or of a server. */
export function frame(text: string, from: "client" | "server"): Buffer {
  const payload = Buffer.from(text);
  const mask = from === "client" ? [0x37, 0xfa, 0x21, 0x3d] : [];
  return Buffer.from([0x81, payload.length | (from === "client" ? 0x80 : 0), ...mask, ...payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** The text of a frame, or undefined if it is not whole or of another kind. */
function textOf(bytes: Buffer): string | undefined {
  const [first = 0, second = 0] = bytes;
  const [length, masked] = [second & 0x7f, second > 0x7f];
  const start = masked ? 6 : 2;
  if (first !== 0x81 || bytes.length !== start + length) return undefined;
  return Buffer.from(bytes.subarray(start).map((byte, index) => (masked ? byte ^ (bytes[2 + (index % 4)] ?? 0) : byte))).toString();
}

/** Takes the text of each frame, or undefined for what is none. A frame may arrive in parts: Go passes a first byte on by itself. */
export function onFrame(socket: Duplex, take: (text: string | undefined) => void): () => void {
  let kept = Buffer.alloc(0);
  const listener = (bytes: Buffer) => {
    kept = Buffer.concat([kept, bytes]);
    const [first, second = 0] = kept;
    if (first === 0x81 && kept.length < Math.max(2, (second > 0x7f ? 6 : 2) + (second & 0x7f))) return;
    const text = textOf(kept);
    kept = Buffer.alloc(0);
    take(text);
  };
  socket.on("data", listener);
  return () => void socket.off("data", listener);
}
