/** A client that sends exact bytes: raw HTTP/1.1 over TCP or TLS, from an address of its own. */
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from "node:tls";
import { ReplyReader } from "./reply.ts";
import type { Reply } from "./reply.ts";

export interface Route {
  readonly host: string;
  readonly port: number;
  /** The local address of the connection. */
  readonly from: string;
  /** Bytes before everything else: a PROXY protocol header. */
  readonly prefix?: Buffer | undefined;
  /** TLS, with the name to ask for, or without any. */
  readonly tls?: ({ readonly servername: string | undefined } & ConnectionOptions) | undefined;
}

/** An open connection. */
export interface Connection {
  readonly socket: Socket | TLSSocket;
  send(bytes: string | Buffer): void;
  /** The next response; `method` decides whether it can have a body. Informational ones are in its `before`. */
  receive(method?: string, milliseconds?: number): Promise<Reply>;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

const patience = 30_000;

export async function open(route: Route): Promise<Connection> {
  const socket = await openSocket(route);
  const reader = new ReplyReader();
  const closed = new Promise<void>((done) => socket.once("close", () => done()));
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => reader.push(chunk));
  socket.on("close", () => reader.end());
  return {
    socket,
    send: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    receive: (method = "GET", milliseconds = patience) => within(milliseconds, reader.next(method), "no response"),
    closed,
    close: () => void socket.destroy(),
  };
}

/** Opens a connection up to and with the TLS handshake. */
export function openSocket({ host, port, from, prefix, tls }: Route): Promise<Socket | TLSSocket> {
  const plain = connectTcp({ host, port, localAddress: from, noDelay: true });
  const opened = new Promise<Socket | TLSSocket>((done, fail) => {
    plain.once("error", fail);
    plain.once("connect", () => {
      if (prefix !== undefined) plain.write(prefix);
      if (tls === undefined) return done(plain);
      const { servername, ...options } = tls;
      const secure = connectTls({
        socket: plain,
        ALPNProtocols: ["http/1.1"],
        rejectUnauthorized: false,
        ...(servername === undefined ? {} : { servername }),
        ...options,
      });
      secure.once("error", fail).once("secureConnect", () => done(secure));
      secure.once("close", () => fail(new Error("closed during the TLS handshake")));
    });
  });
  return within(patience, opened, `no connection to ${host}:${port}`).catch((error: unknown) => {
    plain.destroy();
    throw error;
  });
}

/** Sends one request and closes the connection after its response. */
export async function exchange(route: Route, request: string | Buffer, method?: string): Promise<Reply> {
  const connection = await open(route);
  try {
    connection.send(request);
    return await connection.receive(method);
  } finally {
    connection.close();
  }
}

/** Fails when the promise takes longer. */
export function within<T>(milliseconds: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
