/** One HTTP/2 request from its bytes: with fields that Node, like every honest client, refuses to send. */
import { openSocket, type Route, within } from "./client.ts";
import type { Header } from "./clients.ts";

/** Types and flags of frames (RFC 9113, 6), and those that end the wait. */
const [data, headers, reset, settings, goAway] = [0, 1, 3, 4, 7];
const [endStream, endHeaders] = [1, 4];

/**
 * Sends the fields and the body on stream 1 and waits for an answer, of whichever status, or a refusal.
 *
 * @param body sent after the fields; the stream stays open without one
 */
export async function sendFrames(route: Route, fields: readonly Header[], body?: string): Promise<void> {
  const socket = await openSocket({ ...route, tls: { servername: route.tls?.servername, ...route.tls, ALPNProtocols: ["h2"] } });
  try {
    const ended = new Promise<void>((done) => {
      let bytes = Buffer.alloc(0);
      socket.on("error", () => done()).on("close", () => done());
      socket.on("data", (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        for (let size = 0; bytes.length >= 9 && bytes.length >= (size = 9 + bytes.readUIntBE(0, 3)); bytes = bytes.subarray(size)) {
          if (bytes[3] === headers || bytes[3] === reset || bytes[3] === goAway) done();
        }
      });
    });
    const block = Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.from([0x10]), text(name), text(value)])));
    socket.write(Buffer.concat([
      Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(settings, 0, 0, Buffer.alloc(0)), frame(headers, endHeaders, 1, block),
      ...(body === undefined ? [] : [frame(data, endStream, 1, Buffer.from(body))]),
    ]));
    await within(30_000, ended, "neither answer nor refusal");
  } finally {
    socket.destroy();
  }
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A string of HPACK, neither compressed nor indexed, of less than 127 bytes. */
function text(content: string): Buffer {
  return Buffer.concat([Buffer.from([content.length]), Buffer.from(content, "latin1")]);
}
