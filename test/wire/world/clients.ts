/** Clients of the proxy: what they ask, by which way they come, and what mailcow sees of it. */
import type { OutgoingHttpHeaders } from "node:http2";
import { isIPv6 } from "node:net";
import type { Site } from "../../../src/core/site/site.ts";
import { type Connection, exchange, open, type Route } from "./client.ts";
import { type Http2Request, withHttp2 } from "./http2.ts";
import type { Mailcow } from "./mailcow.ts";
import { encodeVersion1, encodeVersion2 } from "./proxy-protocol.ts";
import type { Reply } from "./reply.ts";
import type { Seen } from "./seen.ts";
import { client, outer, type Variant } from "./variants.ts";

export type Header = readonly [name: string, value: string];

export interface Ask {
  /** https unless given. */
  readonly scheme?: "http" | "https" | undefined;
  readonly method?: string | undefined;
  /** The request target, byte for byte. */
  readonly target?: string | undefined;
  readonly version?: "1.0" | "1.1" | undefined;
  /** The public name, with the public port when it is not the scheme's own, unless given; null for no Host at all. */
  readonly host?: string | null | undefined;
  /** After Host, in this order. */
  readonly headers?: readonly Header[] | undefined;
  readonly body?: string | Buffer | undefined;
  /** The client's address. */
  readonly client?: string | undefined;
  /** The name in the TLS handshake: the public name unless given; null for none. */
  readonly sni?: string | null | undefined;
}

export interface Clients {
  /** Sends the request and returns the response. */
  ask(ask: Ask): Promise<Reply>;
  /** The same; it has to reach mailcow once. */
  reach(ask: Ask): Promise<{ readonly reply: Reply; readonly seen: Seen; readonly target: string }>;
  /** The same; it must not reach mailcow. */
  keptOut(ask: Ask): Promise<Reply>;
  /** The same over HTTP/2; `headers` may name pseudo-headers. */
  http2<T>(ask: Ask, action: (request: Http2Request, authority: string) => Promise<T>): Promise<T>;
  /** An open connection for exact bytes. */
  connect(ask?: Ask): Promise<Connection>;
  route(ask?: Ask): Route;
  /** The bytes of a request. */
  bytes(ask: Ask): Buffer;
  /** What the way adds to a request's headers. */
  wayHeaders(ask?: Ask): Header[];
  /** The header with which a proxy that ends TLS says what the client used, where there is such a proxy. */
  schemeHeaders(scheme?: "http" | "https"): Header[];
  /** A query that marks a request. */
  mark(): string;
  /** The public host: with the port when it is not the scheme's own. */
  publicHost(name?: string, scheme?: "http" | "https"): string;
}

/** The headers as they are sent. */
export function lines(headers: readonly Header[]): string {
  return headers.map(([name, content]) => `${name}: ${content}\r\n`).join("");
}

let marks = 0;

export function makeClients(variant: Variant, site: Site, mailcow: Mailcow | undefined): Clients {
  const publicHost: Clients["publicHost"] = (name = site.publicName, scheme = "https") => {
    const port = scheme === "https" ? site.proxy.publicHttpsPort : site.proxy.publicHttpPort;
    return port === (scheme === "https" ? 443 : 80) ? name : `${name}:${port}`;
  };
  const from = (ask: Ask) => ask.client ?? client.v4;
  const route: Clients["route"] = (ask = {}) => {
    const source = from(ask);
    const family = isIPv6(source) ? "v6" : "v4";
    const plain = ask.scheme === "http" || site.proxy.tlsBefore;
    const port = plain ? site.proxy.httpPort : site.proxy.httpsPort;
    const origin = { source, sourcePort: 50_000, destination: variant.address[family], destinationPort: port };
    // Both versions are in use; which one comes must not matter.
    const encode = marks % 2 === 0 ? encodeVersion1 : encodeVersion2;
    return {
      host: variant.address[family],
      port,
      from: variant.arrival === "direct" ? source : outer[family],
      prefix: variant.arrival === "proxy-protocol" ? encode(origin) : undefined,
      tls: plain ? undefined : { servername: ask.sni === null ? undefined : (ask.sni ?? site.publicName) },
    };
  };
  const schemeHeaders: Clients["schemeHeaders"] = (scheme = "https") => (site.proxy.tlsBefore ? [["X-Forwarded-Proto", scheme]] : []);
  const wayHeaders: Clients["wayHeaders"] = (ask = {}) => [...(variant.arrival === "forwarded" ? [["X-Forwarded-For", from(ask)] as const] : []), ...schemeHeaders(ask.scheme)];
  // A proxy that ends TLS replaces what the client says of it.
  const passedOn = ([name]: Header) => !site.proxy.tlsBefore || name.trim().toLowerCase() !== "x-forwarded-proto";
  const bytes: Clients["bytes"] = (ask) => {
    const headers: Header[] = [];
    if (ask.host !== null) headers.push(["Host", ask.host ?? publicHost(site.publicName, ask.scheme)]);
    headers.push(...(ask.headers ?? []).filter(passedOn), ...wayHeaders(ask));
    const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name.trim()));
    if (ask.body !== undefined && !framed) headers.push(["Content-Length", String(Buffer.byteLength(ask.body))]);
    const lines = [`${ask.method ?? "GET"} ${ask.target ?? "/"} HTTP/${ask.version ?? "1.1"}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
    return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(ask.body ?? "")]);
  };
  const mark = () => `mark-${++marks}-`;
  const marked = (ask: Ask): { readonly ask: Ask; readonly mark: string; readonly target: string } => {
    const own = mark();
    const target = `${ask.target ?? "/"}${ask.target?.includes("?") === true ? "&" : "?"}${own}`;
    return { ask: { ...ask, target }, mark: own, target };
  };
  const behind = () => {
    if (mailcow === undefined) throw new Error("there is no mailcow yet");
    return mailcow;
  };
  const ask: Clients["ask"] = (asked) => exchange(route(asked), bytes(asked), asked.method);
  return {
    ask,
    async reach(asked) {
      const one = marked(asked);
      const reply = await ask(one.ask);
      const [seen, ...more] = behind().soFar(one.mark);
      if (seen === undefined) throw new Error(`the request did not reach mailcow: ${reply.status} for ${one.target}\n${reply.body.toString("latin1", 0, 300)}`);
      if (more.length > 0) throw new Error(`mailcow got ${more.length + 1} requests for one`);
      return { reply, seen, target: one.target };
    },
    async keptOut(asked) {
      const one = marked(asked);
      const reply = await ask(one.ask);
      const [seen] = behind().soFar(one.mark);
      if (seen !== undefined) throw new Error(`the request reached mailcow: ${seen.requestLine} with Host ${seen.headers.find(([name]) => /^host$/i.test(name))?.[1]}`);
      return reply;
    },
    http2: (asked, action) => (site.proxy.tlsBefore ? action((headers, body) => ask({ ...asked, ...overHttp1(headers), body }), publicHost()) : withHttp2(route(asked), (request) => action(
      (headers, body) => request({ ...Object.fromEntries(wayHeaders(asked).map(([name, value]) => [name.toLowerCase(), value])), ...headers }, body),
      publicHost(),
    ))),
    connect: (asked = {}) => open(route(asked)),
    route, bytes, wayHeaders, schemeHeaders, mark, publicHost,
  };
}

/** A request of HTTP/2 as a proxy that ends TLS passes it on. */
function overHttp1(headers: OutgoingHttpHeaders): Ask {
  const fields = Object.entries(headers).map(([name, content]) => [name, String(content)] as const);
  const of = (name: string) => fields.find(([key]) => key === name)?.[1];
  return {
    method: of(":method"),
    target: of(":path"),
    host: of(":authority") ?? of("host") ?? null,
    headers: fields.filter(([name]) => !name.startsWith(":") && name !== "host"),
  };
}
