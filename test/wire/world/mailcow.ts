/** A stand-in for mailcow's nginx: its listeners, whom it believes, and a record of what reached it. */
import { createHash } from "node:crypto";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import type { Certificate } from "./certificate.ts";
import type { MailcowConf } from "./mailcow-conf.ts";
import { answer } from "./mailcow-site.ts";
import { asMailcowSeesIt, clientOf, gateway, knows, trust } from "./mailcow-trust.ts";
import { canonical, decode } from "./proxy-protocol.ts";
import type { Seen } from "./seen.ts";

export interface Mailcow {
  readonly seen: readonly Seen[];
  /** The requests whose path or query holds the mark, waiting for the first one up to 30 seconds. */
  withMark(mark: string): Promise<readonly Seen[]>;
  /** The requests so far whose path or query holds the mark. */
  soFar(mark: string): readonly Seen[];
  /** @param at another address than that of mailcow.conf: the container's own */
  start(at?: string): Promise<void>;
  /** Closes the listeners and cuts every connection. */
  cut(): Promise<void>;
  /** The same, with the moment in which the proxy sees it: a request that meets a cut connection may be lost with it. */
  stop(): Promise<void>;
  /** The certificate of the https listener for new connections, and what else its TLS is limited to. */
  present(certificate: Certificate, limits?: SecureContextOptions): void;
  /** Connections the proxy has opened so far. */
  readonly opened: number;
  /** PROXY protocol headers that were missing. */
  readonly malformed: number;
  /** The longest time, in milliseconds, after which a connection that had been idle was used again. */
  readonly longestIdleBeforeReuse: number;
}

interface Usage {
  /** When the last response ended; undefined before the first and while there is a request under way. */
  idleSince: number | undefined;
}

export function makeMailcow(conf: MailcowConf, certificate: Certificate): Mailcow {
  const believes = trust(conf.trustedProxies);
  /** Whether mailcow.conf names the proxy. */
  const named = (address: string) => conf.trustedProxies.length > 0 && trust(conf.trustedProxies, [])(address);
  const seen: Seen[] = [];
  const peers = new WeakMap<Socket, { readonly address: string; readonly connection: number }>();
  /** Where each connection is from, as long as it is known: a socket forgets it when it is closed. */
  const origins = new WeakMap<Socket, string>();
  const usages = new WeakMap<Socket, Usage>();
  const sockets = new Set<Socket>();
  let connections = 0;
  let malformed = 0;
  let longestIdleBeforeReuse = 0;

  const record = (listener: Seen["listener"], request: IncomingMessage): Seen => {
    const raw = pairs(request.rawHeaders);
    const peer = peers.get(request.socket) ?? peerOf(request.socket);
    const forwarded = raw.filter(([name]) => name.toLowerCase() === "x-forwarded-for").map(([, value]) => value).join(",");
    const client = clientOf(peer.address, forwarded, believes);
    const [, last] = /,([^,]+)$/.exec(forwarded) ?? [];
    const headers = last !== undefined && named(last.trim()) ? replaced(raw, client) : raw;
    const host = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
    const entry: Seen = {
      listener,
      connection: peer.connection,
      client,
      requestLine: `${request.method} ${request.url} HTTP/${request.httpVersion}`,
      method: request.method ?? "",
      target: request.url ?? "",
      raw,
      headers,
      knownName: knows(conf, host),
      bodyBytes: 0,
      sha256: undefined,
      aborted: false,
      taken: 0,
      givenUp: false,
    };
    const hash = createHash("sha256");
    request.on("data", (chunk: Buffer) => {
      entry.bodyBytes += chunk.length;
      hash.update(chunk);
    });
    request.on("end", () => (entry.sha256 = hash.digest("hex")));
    request.on("close", () => (entry.aborted = !request.complete));
    seen.push(entry);
    return entry;
  };
  const peerOf = (socket: Socket) => {
    const peer = { address: asMailcowSeesIt(origins.get(socket) ?? socket.remoteAddress ?? ""), connection: ++connections };
    peers.set(socket, peer);
    return peer;
  };
  const handler = (listener: Seen["listener"]) => (request: IncomingMessage, response: ServerResponse) => {
    const usage = usages.get(request.socket);
    if (usage !== undefined) {
      if (usage.idleSince !== undefined) longestIdleBeforeReuse = Math.max(longestIdleBeforeReuse, Date.now() - usage.idleSince);
      usage.idleSince = undefined;
      response.on("close", () => (usage.idleSince = Date.now()));
    }
    answer(conf, record(listener, request), request, response);
  };
  // SOGo's requests carry long cookies, and mailcow's nginx takes them.
  const options = { maxHeaderSize: 256 * 1024, keepAliveTimeout: 65_000, requestTimeout: 0 };
  const plain = http.createServer(options, handler("http"));
  const secure = https.createServer({ ...options, cert: certificate.certificate, key: certificate.key }, handler("https"));
  const remember = (socket: Socket) => void (socket.remoteAddress === undefined || origins.set(socket, socket.remoteAddress));
  plain.on("connection", remember);
  secure.on("secureConnection", remember);
  for (const server of [plain, secure]) {
    // Node has no answer to it; that it came is what a test wants to know.
    server.on("connect", (request: IncomingMessage, socket: Socket) => {
      record(server === secure ? "https" : "http", request);
      socket.destroy();
    });
    server.on("clientError", (_error, socket) => socket.destroy());
    server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      server.emit("request", request, response);
    });
  }

  const front = (server: http.Server | https.Server) =>
    createServer((socket) => {
      sockets.add(socket);
      usages.set(socket, { idleSince: undefined });
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
      if (!conf.proxyProtocol) return void server.emit("connection", socket);
      let head = Buffer.alloc(0);
      const read = () => {
        for (let chunk: Buffer | null; (chunk = socket.read() as Buffer | null) !== null; ) head = Buffer.concat([head, chunk]);
        const header = decode(head);
        if (header === "more") return;
        socket.off("readable", read);
        if (header === undefined) {
          malformed++;
          return void socket.destroy();
        }
        peers.set(socket, { address: canonical(header.source ?? gateway), connection: ++connections });
        const rest = head.subarray(header.length);
        if (rest.length > 0) socket.unshift(rest);
        server.emit("connection", socket);
      };
      socket.on("readable", read);
    });
  let listening: Server[] = [];
  const cut = async () => {
    const closed = listening.map((server) => new Promise((done) => server.close(done)));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  return {
    seen,
    soFar: (mark) => seen.filter(({ target }) => target.includes(mark)),
    async withMark(mark) {
      for (let tries = 0; tries < 3000 && !seen.some(({ target }) => target.includes(mark)); tries++) await sleep(10);
      return seen.filter(({ target }) => target.includes(mark));
    },
    get opened() {
      return connections;
    },
    get malformed() {
      return malformed;
    },
    get longestIdleBeforeReuse() {
      return longestIdleBeforeReuse;
    },
    async start(at) {
      listening = [front(plain), front(secure)];
      await Promise.all([conf.http, conf.https].map(({ bind, port }, index) => listen(listening[index], at ?? bind, port)));
    },
    cut,
    async stop() {
      await cut();
      await sleep(100);
    },
    present: ({ certificate: cert, key }, limits = {}) => secure.setSecureContext({ cert, key, ...limits }),
  };
}

/** The headers with one address of the client. */
function replaced(headers: Seen["raw"], client: string): Seen["raw"] {
  const about = ["x-forwarded-for", "x-real-ip"];
  return [...headers.filter(([name]) => !about.includes(name.toLowerCase())), ...about.map((name) => [name, client] as const)];
}

/** Names of headers and their values, from Node's flat list. */
export function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? "", raw[2 * index + 1] ?? ""]);
}

function listen(server: Server | undefined, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    // A wildcard of one family alone, as Docker publishes it.
    server?.once("error", fail).listen({ host, port, ipv6Only: host === "::" }, done);
  });
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
