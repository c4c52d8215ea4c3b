/** HTTP/2 requests over TLS. */
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import { openSocket, type Route, within } from "./client.ts";
import { pairs } from "./mailcow.ts";
import { type Reply, value } from "./reply.ts";

/** Opens an HTTP/2 session, runs the action in it and closes it. */
export async function withHttp2<T>(route: Route, action: (request: Http2Request) => Promise<T>): Promise<T> {
  const tls = { servername: route.tls?.servername, ...route.tls, ALPNProtocols: ["h2"] };
  const socket = (await openSocket({ ...route, tls })) as TLSSocket;
  if (socket.alpnProtocol !== "h2") throw new Error(`ALPN chose ${String(socket.alpnProtocol)}, not h2`);
  // Room for the largest header list that is asked for, and more.
  const session = connect("https://session.invalid", { createConnection: () => socket, settings: { maxHeaderListSize: 1 << 20 }, maxSessionMemory: 64 });
  const closed = new Promise<never>((_, fail) => void session.once("error", fail).once("close", () => fail(new Error("the HTTP/2 session closed"))));
  // Nobody waits for it when there is no request under way.
  closed.catch(() => undefined);
  try {
    return await action((headers, body) => within(30_000, Promise.race([request(session, headers, body), closed]), "no HTTP/2 response"));
  } finally {
    session.destroy();
  }
}

export type Http2Request = (headers: OutgoingHttpHeaders, body?: Buffer) => Promise<Reply>;

function request(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body: Buffer | undefined): Promise<Reply> {
  return new Promise((done, fail) => {
    const stream = session.request(headers, { endStream: body === undefined });
    const chunks: Buffer[] = [];
    let status = 0;
    let fields: [string, string][] = [];
    stream.on("response", (received, _flags, raw?: string[]) => {
      status = Number(received[":status"]);
      fields = pairs(raw ?? []).filter(([name]) => !name.startsWith(":"));
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", fail);
    // Not at the end, which a reset stream comes to as well.
    stream.on("close", () => {
      if (status === 0) return fail(new Error(`the HTTP/2 stream closed with code ${stream.rstCode}`));
      const content = Buffer.concat(chunks);
      const length = value({ headers: fields }, "content-length");
      const complete = stream.rstCode === 0 && !stream.aborted && (length === undefined || Number(length) === content.length);
      done({ status, headers: fields, body: content, complete, before: [] });
    });
    if (body !== undefined) stream.end(body);
  });
}
