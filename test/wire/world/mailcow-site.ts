/** What the stand-in for mailcow answers. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { MailcowConf } from "./mailcow-conf.ts";
import type { Seen } from "./seen.ts";
import { accept, frame, onFrame } from "./web-socket.ts";

/** What only a response from mailcow carries. */
export const mark = "stand-in-for-mailcow";

/** The header mailcow sends on every response, plain http included. */
export const strictTransportSecurity = "max-age=15768000";

/** What to ask for an answer with these header lines. */
export function answering(lines: readonly string[], code = 200): string {
  return `/answer?${new URLSearchParams([["code", String(code)], ...lines.map((line): [string, string] => ["header", line])]).toString()}`;
}

const challenge = "/.well-known/acme-challenge/";

export function answer(conf: MailcowConf, seen: Seen, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(seen.target.replace(/^\/+/, "/"), "http://mailcow.invalid");
  const number = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
  response.on("error", () => undefined);
  response.setHeader("Strict-Transport-Security", strictTransportSecurity);
  response.setHeader("Server", "nginx/9.8.7");
  response.setHeader("X-Powered-By", "PHP/9.8.7");
  response.setHeader("X-Stand-In", mark);
  if (seen.listener === "http" && seen.target.startsWith(challenge)) return text(response, `${seen.target.slice(challenge.length)}.thumbprint`);
  if (seen.listener === "http" && conf.redirect) {
    response.writeHead(301, { Location: `https://${header(seen, "host")}${seen.target}` });
    return void response.end();
  }
  if (seen.method === "TRACE") {
    // nginx, and so mailcow's, does not take it.
    response.writeHead(405);
    return void response.end();
  }
  const name = url.pathname.split("/").at(-1);
  switch (name) {
    case "redirect":
      // As SOGo builds its URLs.
      response.writeHead(302, { Location: url.searchParams.get("to") ?? `${header(seen, "x-forwarded-proto")}://${header(seen, "host")}/SOGo/` });
      return void response.end();
    case "answer":
      return withLines(request.socket, number("code", 200), url.searchParams.getAll("header"));
    case "switch":
      // It goes on with HTTP: what comes next is a request, and is recorded as one, unless the connection was to close.
      request.socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      return void setTimeout(() => request.socket.destroy(), 1_000);
    case "socket":
      return webSocket(request.socket, seen, response);
    case "headers":
      return manyHeaders(response, number("bytes", 0), number("lines", 1));
    case "status":
      response.writeHead(number("code", 200), { "Content-Type": "text/plain" });
      return void response.end(mark);
    case "bytes":
      return text(response, Buffer.alloc(number("count", 0), "x"));
    case "large":
      return large(seen, response, number("count", 0));
    case "hold":
      return void setTimeout(() => text(response, "held"), number("ms", 0));
    case "cut":
      response.writeHead(200, { "Content-Type": "text/plain", ...(url.searchParams.has("length") ? { "Content-Length": 1000 } : {}) });
      response.write("x".repeat(100));
      return void setTimeout(() => response.destroy(), 50);
    default:
      return void request.on("end", () => text(response, JSON.stringify(seen))).resume();
  }
}

/** A WebSocket that echoes, or 426 for a request that asks for none. */
function webSocket(socket: Socket, seen: Seen, response: ServerResponse): void {
  if (header(seen, "upgrade").toLowerCase() !== "websocket" || !/\bupgrade\b/i.test(header(seen, "connection"))) {
    response.writeHead(426, { Upgrade: "websocket" });
    return void response.end();
  }
  const parsing = socket.listeners("data");
  onFrame(socket, (text) => void socket.write(frame(text ?? "not a frame", "server")));
  // What comes from now on is no HTTP.
  for (const listener of parsing) socket.off("data", listener as (bytes: Buffer) => void);
  socket.setTimeout(0);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept(header(seen, "sec-websocket-key"))}\r\n\r\n`);
}

function text(response: ServerResponse, body: string | Buffer): void {
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

/** As fast as the proxy takes it, from one piece of memory. */
function large(seen: Seen, response: ServerResponse, count: number): void {
  const piece = Buffer.alloc(65_536, "x");
  function* pieces(): Generator<Buffer> {
    for (let left = count; left > 0; left -= piece.length) {
      seen.taken += Math.min(left, piece.length);
      yield piece.subarray(0, left);
    }
  }
  response.on("close", () => (seen.givenUp = !response.writableFinished));
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": count });
  Readable.from(pieces(), { objectMode: false }).on("error", () => undefined).pipe(response);
}

function header(seen: Seen, wanted: string): string {
  return seen.headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";
}

/** Header lines as they are given, byte for byte; Node would send some of them once. */
function withLines(socket: Socket, code: number, lines: readonly string[]): void {
  const own = [`HTTP/1.1 ${code} Answer`, "Content-Type: text/plain", `Content-Length: ${mark.length}`, "Connection: close"];
  socket.end(`${[...own, ...lines].join("\r\n")}\r\n\r\n${mark}`);
}

/** `bytes` of response headers in `lines` lines of equal length. */
function manyHeaders(response: ServerResponse, bytes: number, lines: number): void {
  for (let index = 0; index < lines; index++) {
    const name = `X-Filler-${index}`;
    response.setHeader(name, "f".repeat(Math.max(0, Math.floor(bytes / lines) - name.length - 4)));
  }
  text(response, "with headers");
}
